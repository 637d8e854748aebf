/** Writing DER, as far as a certificate request needs it (X.690; RFC 2986). */

type Bytes = Uint8Array<ArrayBuffer>;

const SEQUENCE = 0x30;
const SET = 0x31;

/** One value: its tag, its length, and its parts one after another. */
export function tagged(tag: number, ...parts: readonly Uint8Array[]): Bytes {
  const size = parts.reduce((sum, part) => sum + part.length, 0);
  const head = [tag, ...lengthOf(size)];
  const made = new Uint8Array(head.length + size);
  made.set(head);
  let at = head.length;
  for (const part of parts) {
    made.set(part, at);
    at += part.length;
  }
  return made;
}

function lengthOf(size: number): number[] {
  if (size < 0x80) return [size];
  const bytes: number[] = [];
  for (let left = size; left > 0; left >>= 8) bytes.unshift(left & 0xff);
  return [0x80 | bytes.length, ...bytes];
}

export const sequence = (...parts: readonly Uint8Array[]): Bytes => tagged(SEQUENCE, ...parts);
export const setOf = (...parts: readonly Uint8Array[]): Bytes => tagged(SET, ...parts);
export const utf8 = (text: string): Bytes => tagged(0x0c, new TextEncoder().encode(text.normalize("NFC")));
/** Bits in whole bytes. */
export const bitString = (bytes: Uint8Array): Bytes => tagged(0x03, Uint8Array.of(0), bytes);

/** A whole number that is not negative, from its bytes, the highest first. */
export function integer(bytes: Uint8Array): Bytes {
  const first = bytes.findIndex((byte) => byte !== 0);
  const short = first < 0 ? Uint8Array.of(0) : bytes.subarray(first);
  return (short[0] ?? 0) & 0x80 ? tagged(0x02, Uint8Array.of(0), short) : tagged(0x02, short);
}

/** A name such as "1.2.840.10045.4.3.2". */
export function identifier(dotted: string): Bytes {
  const [first = 0, second = 0, ...rest] = dotted.split(".").map(Number);
  const bytes = [first * 40 + second, ...rest.flatMap(inSevens)];
  return tagged(0x06, Uint8Array.from(bytes));
}

function inSevens(value: number): number[] {
  const bytes = [value & 0x7f];
  for (let left = value >> 7; left > 0; left >>= 7) bytes.unshift(0x80 | (left & 0x7f));
  return bytes;
}
