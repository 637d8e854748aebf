/** Papers on this device: encrypted pieces, fetched before they are needed, purged when they are recalled. */
export { type FetchRange, type Held, Papers, PIECE_BYTES, type Source } from "./papers.ts";
export { States } from "./states.ts";
export { type PieceStore, VaultStore } from "./store.ts";
