/** Identifiers made on the tablet: UUID version 7 (RFC 9562), so that they sort by the time they were made. */

let lastMs = 0;
let counter = 0;

/** A new id; rises with every call on this device, even when the clock goes back. */
export function newId(): string {
  const now = Date.now();
  if (now > lastMs) {
    lastMs = now;
    counter = (crypto.getRandomValues(new Uint16Array(1))[0] ?? 0) & 0x7ff;
  } else if (++counter > 0xfff) {
    lastMs += 1;
    counter = 0;
  }
  const time = lastMs.toString(16).padStart(12, "0");
  const tail = crypto.getRandomValues(new Uint8Array(8));
  tail[0] = ((tail[0] ?? 0) & 0x3f) | 0x80;
  const rest = [...tail].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  const count = counter.toString(16).padStart(3, "0");
  return `${time.slice(0, 8)}-${time.slice(8)}-7${count}-${rest.slice(0, 4)}-${rest.slice(4)}`;
}
