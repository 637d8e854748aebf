import "fake-indexeddb/auto";
import { describe, expect, it } from "vitest";

import { identifier, integer, tagged, utf8 } from "./der.ts";
import { dropKeys, fingerprintOf, keysOf, makeKey, newPair, requestFor, signAttributes } from "./index.ts";

const hex = (bytes: Uint8Array): string => [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");

/** The values of a DER sequence: tag and content. */
function parts(bytes: Uint8Array): { tag: number; whole: Uint8Array<ArrayBuffer>; content: Uint8Array<ArrayBuffer> }[] {
  const found = [];
  for (let at = 0; at < bytes.length; ) {
    const first = bytes[at + 1]!;
    const more = first < 0x80 ? 0 : first & 0x7f;
    const size = more === 0 ? first : bytes.subarray(at + 2, at + 2 + more).reduce((sum, byte) => sum * 256 + byte, 0);
    const begin = at + 2 + more;
    found.push({ tag: bytes[at]!, whole: bytes.slice(at, begin + size), content: bytes.slice(begin, begin + size) });
    at = begin + size;
  }
  return found;
}

describe("DER", () => {
  it("writes what the standards give as examples", () => {
    expect(hex(identifier("1.2.840.10045.4.3.2"))).toBe("06082a8648ce3d040302");
    expect(hex(integer(Uint8Array.of(0, 0, 0x80)))).toBe("02020080");
    expect(hex(integer(Uint8Array.of(0)))).toBe("020100");
    expect(hex(utf8("Đ"))).toBe("0c02c490");
    expect(hex(tagged(0x04, new Uint8Array(300)).subarray(0, 4))).toBe("0482012c");
  });
});

describe("a key of this machine", () => {
  it("cannot be taken out, and is found again by its person", async () => {
    const made = await makeKey("p1");
    expect(made.pair.privateKey.extractable).toBe(false);
    await expect(crypto.subtle.exportKey("pkcs8", made.pair.privateKey)).rejects.toThrow();
    expect((await keysOf("p1")).map((key) => key.fingerprint)).toEqual([made.fingerprint]);
    expect(await keysOf("p2")).toEqual([]);
    await dropKeys([made.fingerprint]);
    expect(await keysOf("p1")).toEqual([]);
  });

  it("asks for a certificate by a request that it signed itself", async () => {
    const pair = await newPair();
    const [request] = parts(await requestFor(pair, "Nguyễn Văn Ánh"));
    const [body, , bits] = parts(request!.content);
    const [version, subject, key, attributes] = parts(body!.content);
    expect(hex(version!.whole)).toBe("020100");
    expect(hex(attributes!.whole)).toBe("a000");
    expect(new TextDecoder().decode(subject!.content)).toContain("Nguyễn Văn Ánh");
    expect(await fingerprintOf(pair)).toBe(hex(new Uint8Array(await crypto.subtle.digest("SHA-256", key!.whole))));
    const [sequence] = parts(bits!.content.subarray(1));
    const raw = new Uint8Array(64);
    parts(sequence!.content).forEach(({ content }, half) => {
      const number = content[0] === 0 ? content.subarray(1) : content;
      raw.set(number, 32 * (half + 1) - number.length);
    });
    expect(await crypto.subtle.verify({ name: "ECDSA", hash: "SHA-256" }, pair.publicKey, raw, body!.whole)).toBe(true);
  });

  it("signs attributes of a paper and nothing else", async () => {
    const pair = await newPair();
    const attributes = Uint8Array.of(0x31, 1, 0);
    const signature = await signAttributes(pair, attributes);
    expect(signature.length).toBe(64);
    expect(await crypto.subtle.verify({ name: "ECDSA", hash: "SHA-256" }, pair.publicKey, signature, attributes)).toBe(true);
    await expect(signAttributes(pair, Uint8Array.of(0x30, 1, 0))).rejects.toThrow(RangeError);
  });
});
