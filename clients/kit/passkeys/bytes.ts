/** Bytes as the wire has them (base64), and as browsers want them. */

type Bytes = Uint8Array<ArrayBuffer>;

export function toBytes(text: string): Bytes {
  return Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0));
}

export function toText(bytes: ArrayBuffer): string {
  return btoa(String.fromCharCode(...new Uint8Array(bytes)));
}
