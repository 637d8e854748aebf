/** Papers on this device: encrypted, fetched before they are needed, opened by a lease, purged when recalled. */
export type { BesideSource } from "./beside.ts";
export { BLOCK_BYTES, type FetchRange, type Held, LeaseOver, type Progress, type Source, type Terms } from "./held.ts";
export { isPin, PIN_DIGITS, PIN_TRIES, tooPlain, type Tried } from "./locks.ts";
export { Papers } from "./papers.ts";
export { passkeysOffered } from "./passkey.ts";
export { States } from "./states.ts";
export { type About, CHUNK_BYTES, type PieceStore, VaultLocked, VaultStore } from "./store.ts";
export { type Given, Vault } from "./vault.ts";
