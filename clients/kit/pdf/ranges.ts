/** Hands pdf.js the byte ranges that it asks for, from wherever the source takes them; tries again before giving up. */
import { PDFDataRangeTransport } from "pdfjs-dist/legacy/build/pdf.mjs";

import type { PdfSource } from "./engine.ts";

const WAITS_MS = [200, 800, 2400];

export class Ranges extends PDFDataRangeTransport {
  readonly #source: PdfSource;
  readonly #gone = new AbortController();
  readonly #onFail: (reason: unknown) => void;
  readonly #waits: readonly number[];

  constructor(source: PdfSource, onFail: (reason: unknown) => void, waits: readonly number[] = WAITS_MS) {
    super(source.length, null);
    this.#source = source;
    this.#onFail = onFail;
    this.#waits = waits;
  }

  override requestDataRange(begin: number, end: number): void {
    this.#fetch(begin, end).then(
      (bytes) => {
        // A copy: pdf.js moves the buffer to its worker, and the store may still hold the original.
        if (!this.#gone.signal.aborted) this.onDataRange(begin, bytes.slice());
      },
      (reason: unknown) => {
        if (!this.#gone.signal.aborted) this.#onFail(reason);
      },
    );
  }

  override abort(): void {
    this.#gone.abort();
  }

  async #fetch(begin: number, end: number): Promise<Uint8Array> {
    for (const wait of this.#waits) {
      try {
        return await this.#source.fetchRange(begin, end, this.#gone.signal);
      } catch (reason) {
        if (this.#gone.signal.aborted) throw reason;
        await new Promise((resolve) => setTimeout(resolve, wait));
      }
    }
    return this.#source.fetchRange(begin, end, this.#gone.signal);
  }
}
