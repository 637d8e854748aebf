/** The encrypted store against plain puts of the same bytes in the same shape: what sealing costs. Bundled by the bench. */
import Dexie, { type Table } from "dexie";

import { VaultStore } from "@phien/kit/vault";

const BLOCK = 262_144;
const CHUNK = 65_536;

interface Row {
  doc: string;
  index: number;
  bytes: ArrayBuffer;
}

class Plain extends Dexie {
  readonly chunks!: Table<Row, [string, number]>;

  constructor(name: string) {
    super(name);
    this.version(1).stores({ chunks: "[doc+index]" });
  }
}

function blocks(megabytes: number): Uint8Array<ArrayBuffer>[] {
  return Array.from({ length: megabytes * 4 }, () => {
    const bytes = new Uint8Array(BLOCK);
    for (let at = 0; at < BLOCK; at += CHUNK) crypto.getRandomValues(bytes.subarray(at, at + CHUNK));
    return bytes;
  });
}

async function timed(work: () => Promise<void>): Promise<number> {
  const began = performance.now();
  await work();
  return performance.now() - began;
}

/** Milliseconds for `megabytes`, plain and sealed, in turn. */
async function storing(megabytes: number, repetitions: number): Promise<{ plain: number[]; sealed: number[] }> {
  const bytes = blocks(megabytes);
  const secret = await crypto.subtle.importKey("raw", crypto.getRandomValues(new Uint8Array(32)), "HKDF", false, ["deriveKey", "deriveBits"]);
  const plain: number[] = [];
  const sealed: number[] = [];
  for (let turn = 0; turn <= repetitions; turn++) {
    const open = new Plain(`plain-${turn}`);
    const vault = new VaultStore("bench", `sealed-${turn}`);
    await vault.open(secret, crypto.getRandomValues(new Uint8Array(32)));
    const ms = [
      await timed(async () => {
        for (const [index, block] of bytes.entries()) {
          const rows = Array.from({ length: BLOCK / CHUNK }, (_, at): Row => ({
            doc: "d", index: index * 4 + at, bytes: block.buffer.slice(at * CHUNK, (at + 1) * CHUNK),
          }));
          await open.chunks.bulkPut(rows);
        }
      }),
      await timed(async () => {
        for (const [index, block] of bytes.entries()) await vault.write({ doc: "d", part: "file" }, index * 4, block);
      }),
    ];
    if (turn > 0) { plain.push(ms[0] ?? 0); sealed.push(ms[1] ?? 0); } // the first turn warms both
    open.close();
    await vault.forget();
    await Dexie.delete(`plain-${turn}`);
  }
  return { plain, sealed };
}

Object.assign(globalThis, { storing });
