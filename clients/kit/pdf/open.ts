/** Opens papers with the engine of this build: loads pdf.js on first use, one worker for all papers. */
import type { PdfDoc, PdfEngine, PdfSource } from "./engine.ts";

let engine: Promise<PdfEngine> | undefined;

async function load(): Promise<PdfEngine> {
  const { pdfjsEngine } = await import("./pdfjs.ts");
  const worker = (): Worker => new Worker(new URL("./pdf.worker.ts", import.meta.url), { type: "module" });
  // The worker resolves addresses against its own, so they must be whole.
  return pdfjsEngine(new URL(__PDF_ASSETS__, location.href).href, worker);
}

/** `first`: the page that will be drawn first. */
export async function openPdf(source: PdfSource, first?: number): Promise<PdfDoc> {
  engine ??= load();
  try {
    return await (await engine).open(source, first);
  } catch (reason) {
    // A chunk that could not be loaded without network must not be remembered as the answer.
    engine = undefined;
    throw reason;
  }
}

/** Bytes of a paper from the server by ranges, signed in by cookie, never kept by the browser. */
export function httpSource(url: string, length: number): PdfSource {
  return {
    length,
    async fetchRange(begin, end, signal) {
      const headers = { Range: `bytes=${begin}-${end - 1}` };
      const response = await fetch(url, { headers, signal, cache: "no-store", credentials: "same-origin" });
      if (response.status !== 206 && response.status !== 200) throw new Error(`range ${response.status}`);
      const bytes = new Uint8Array(await response.arrayBuffer());
      return response.status === 200 ? bytes.subarray(begin, end) : bytes;
    },
  };
}
