/** The engine on pdf.js (legacy build). Import it only where a paper is opened: it is the largest part of the app. */
import "./stream-iter.ts";

import {
  AnnotationMode, getDocument, InvalidPDFException, PasswordException, type PDFDocumentProxy, type PDFPageProxy, PDFWorker,
  TextLayer,
} from "pdfjs-dist/legacy/build/pdf.mjs";
import type { TextItem } from "pdfjs-dist/types/src/display/api.js";

import type { Quad } from "../ink/body.ts";
import {
  type Area, type Chapter, PaperError, type PdfDoc, type PdfEngine, quadsOf, type Reference, type TextPiece,
} from "./engine.ts";
import { FileMarks } from "./file-marks.ts";
import { withoutFrames } from "./frames.ts";
import type { PageBox } from "./geometry.ts";
import { isNameMark } from "./name-mark.ts";
import { Ranges } from "./ranges.ts";
import { References } from "./references.ts";

const RANGE_BYTES = 65_536;

/** `assets`: address of pdf.js's own files, with a slash at the end. Without `worker` pdf.js runs in the page (tests). */
export function pdfjsEngine(assets: string, worker?: () => Worker): PdfEngine {
  let shared: PDFWorker | undefined;
  return {
    async open(source, first) {
      if (worker) shared ??= new PDFWorker({ port: worker() as unknown as null });
      let fail: (reason: unknown) => void = () => undefined;
      const failed = new Promise<never>((_resolve, reject) => { fail = reject; });
      // Nobody may be listening yet; the rejection is still there for who listens later.
      failed.catch(() => undefined);
      const task = getDocument({
        range: new Ranges(source, fail),
        rangeChunkSize: RANGE_BYTES,
        disableAutoFetch: true,
        disableStream: true,
        ...(shared ? { worker: shared } : {}),
        cMapUrl: `${assets}cmaps/`,
        standardFontDataUrl: `${assets}standard_fonts/`,
        iccUrl: `${assets}iccs/`,
        wasmUrl: `${assets}wasm/`,
        enableXfa: false,
        verbosity: 0,
      });
      try {
        const doc = new PdfjsDoc(await Promise.race([task.promise, failed]), failed, () => task.destroy());
        if (first !== undefined) await doc.prepare(first).catch(() => undefined); // who draws it will be told
        return doc;
      } catch (reason) {
        await task.destroy();
        throw toldApart(reason);
      }
    },
  };
}

/** What cannot be shown at all, apart from what could not be fetched. */
function toldApart(reason: unknown): unknown {
  if (reason instanceof PasswordException) return new PaperError("password", { cause: reason });
  return reason instanceof InvalidPDFException ? new PaperError("broken", { cause: reason }) : reason;
}

class PdfjsDoc implements PdfDoc {
  readonly pages: number;
  readonly failed: Promise<never>;
  readonly close: () => Promise<void>;
  readonly #doc: PDFDocumentProxy;
  readonly #references: References;
  readonly #marks: FileMarks;
  readonly #whole: PdfjsDoc | null;
  #bare: PdfjsDoc | null = null;
  /** The page whose first drawing somebody waits for. */
  #awaited: number | null = null;

  /** `whole`: the same paper with the marks of its file, which this one leaves out. */
  constructor(doc: PDFDocumentProxy, failed: Promise<never>, close: () => Promise<void>, whole: PdfjsDoc | null = null) {
    this.#doc = doc;
    this.#whole = whole;
    this.#marks = whole ? whole.#marks : new FileMarks(doc);
    this.pages = doc.numPages;
    this.failed = failed;
    this.close = close;
    this.#references = new References(doc, (page) => this.pageSize(page));
  }

  get bare(): PdfDoc {
    this.#bare ??= this.#whole ? this : new PdfjsDoc(this.#doc, this.failed, this.close, this);
    return this.#bare;
  }

  get onmarks(): (() => void) | null {
    return this.#marks.onfound;
  }
  set onmarks(heard: (() => void) | null) {
    this.#marks.onfound = heard;
  }

  async references(page: number): Promise<Reference[]> {
    return this.#references.of(await this.#page(page));
  }

  async outline(): Promise<Chapter[]> {
    return this.#references.outline();
  }

  async pageSize(page: number): Promise<PageBox> {
    const { view, rotate } = await this.#page(page);
    const [x0 = 0, y0 = 0, x1 = 0, y1 = 0] = view;
    return [x0, y0, x1, y1, rotate];
  }

  async render(page: number, canvas: HTMLCanvasElement, scale: number, signal: AbortSignal, area?: Area): Promise<void> {
    const proxy = await this.#page(page);
    const hides = await this.#marks.prepare(proxy, this.#whole !== null);
    signal.throwIfAborted();
    const viewport = proxy.getViewport({ scale });
    canvas.width = Math.max(1, Math.round(area?.width ?? viewport.width));
    canvas.height = Math.max(1, Math.round(area?.height ?? viewport.height));
    const task = proxy.render({
      canvas, viewport, annotationMode: hides ? AnnotationMode.ENABLE_STORAGE : AnnotationMode.ENABLE,
      ...(area ? { transform: [1, 0, 0, 1, -area.x, -area.y] } : {}),
    });
    if (this.#awaited === page) withoutFrames(task);
    this.#awaited = null;
    const stop = (): void => { task.cancel(); };
    signal.addEventListener("abort", stop);
    try {
      await task.promise;
    } catch (reason) {
      signal.throwIfAborted();
      throw reason;
    } finally {
      signal.removeEventListener("abort", stop);
    }
  }

  /** Asks for all that a page is drawn from, which pdf.js keeps for the drawing itself; nothing is drawn. */
  async prepare(page: number): Promise<void> {
    this.#awaited = page;
    const proxy = await this.#page(page);
    await this.#marks.prepare(proxy, false);
    const canvas = document.createElement("canvas");
    canvas.width = canvas.height = 1;
    proxy.render({ canvas, viewport: proxy.getViewport({ scale: 0.001 }), annotationMode: AnnotationMode.ENABLE, operationsFilter: () => false })
      .promise.catch(() => undefined); // closed meanwhile
  }

  async text(page: number): Promise<TextPiece[]> {
    const { items } = await (await this.#page(page)).getTextContent();
    return items.filter((item): item is TextItem => "str" in item && !isNameMark(item.transform as number[])).map(piece).filter((each) => each.text || each.breaks);
  }

  async quads(page: number, from: number, to: number): Promise<Quad[]> {
    return quadsOf(await this.text(page), from, to);
  }

  async textLayer(page: number, host: HTMLElement, signal: AbortSignal): Promise<void> {
    const proxy = await this.#page(page);
    signal.throwIfAborted();
    const words = await proxy.getTextContent();
    signal.throwIfAborted();
    words.items = words.items.filter((item) => !("str" in item) || !isNameMark(item.transform as number[]));
    const layer = new TextLayer({ textContentSource: words, container: host, viewport: proxy.getViewport({ scale: 1 }) });
    const stop = (): void => { layer.cancel(); };
    signal.addEventListener("abort", stop);
    try {
      await layer.render();
    } finally {
      signal.removeEventListener("abort", stop);
    }
  }

  /** The page, or the failure of the source: pdf.js itself would wait for ever for bytes that do not come. */
  async #page(page: number): Promise<PDFPageProxy> {
    return Promise.race([this.#doc.getPage(page), this.failed]);
  }
}

/** Share of the font height that hangs below the base line. */
const DESCENT = 0.22;

/** pdf.js gives the start of the base line with its direction; the box around it is ours. */
function piece(item: TextItem): TextPiece {
  const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0] = item.transform as number[];
  const length = Math.hypot(a, b) || 1;
  const height = Math.hypot(c, d) || item.height;
  const [ux, uy] = [(a / length) * item.width, (b / length) * item.width];
  const [vx, vy] = [(c / (height || 1)) * height, (d / (height || 1)) * height];
  const low = { x: e - vx * DESCENT, y: f - vy * DESCENT };
  const high = { x: low.x + vx, y: low.y + vy };
  return {
    text: item.str,
    breaks: item.hasEOL,
    quad: [high.x, high.y, high.x + ux, high.y + uy, low.x, low.y, low.x + ux, low.y + uy],
  };
}
