/** Whether this device has a pen: known after its first touch, and remembered. */

const SEEN = "phien.pen-seen";
let seen = $state(typeof localStorage !== "undefined" && localStorage.getItem(SEEN) !== null);

export function penSeen(): boolean {
  return seen;
}

export function markPenSeen(): void {
  if (seen) return;
  seen = true;
  localStorage.setItem(SEEN, "1");
}
