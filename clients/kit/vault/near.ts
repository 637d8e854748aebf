/** Blocks of papers kept unencrypted in memory while they are read; those not read for the longest go first. */

/** 16 MiB in blocks of 256 KiB. */
const MOST = 64;

export class Near {
  readonly #blocks = new Map<string, Uint8Array<ArrayBuffer>>();

  get(doc: string, block: number): Uint8Array<ArrayBuffer> | undefined {
    const key = `${doc}/${block}`;
    const found = this.#blocks.get(key);
    if (found) { // now the last to go
      this.#blocks.delete(key);
      this.#blocks.set(key, found);
    }
    return found;
  }

  put(doc: string, block: number, bytes: Uint8Array<ArrayBuffer>): void {
    this.#blocks.set(`${doc}/${block}`, bytes);
    const oldest = this.#blocks.keys().next();
    if (this.#blocks.size > MOST && !oldest.done) this.#blocks.delete(oldest.value);
  }

  drop(docs: ReadonlySet<string>): void {
    for (const key of this.#blocks.keys()) if (docs.has(key.slice(0, key.lastIndexOf("/")))) this.#blocks.delete(key);
  }

  clear(): void {
    this.#blocks.clear();
  }
}
