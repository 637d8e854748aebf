/** Keys that are made on this machine, sign on it, and cannot leave it. */
export { fingerprintOf, newPair, requestFor, signAttributes } from "./request.ts";
export { dropKeys, keysOf, makeKey, type StoredKey } from "./store.ts";
