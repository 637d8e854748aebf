/** A paper some pages of which were read by a machine: their words are found, selected and marked as those of print are. */
import type { Quad } from "../ink/body.ts";
import {
  type Area, type Chapter, type PdfDoc, quadsOf, type Reference, type TextPiece,
} from "./engine.ts";
import { apply, type PageBox, shownSize, toShown } from "./geometry.ts";

/** A word with left, bottom, right, top of its box in user space. */
export type ReadWord = readonly [string, number, number, number, number];

/** What was read on a page, line by line; `turn`: where a line runs in user space, degrees from the x axis against the clock. */
export interface ReadPage {
  readonly turn: number;
  readonly lines: readonly (readonly ReadWord[])[];
}

/** What was read on a page (from 1); null where the page has words of its own, or none were read. */
export type ReadPages = (page: number) => Promise<ReadPage | null>;

/** The words of a page as pieces of text, a word each; every word is as high as its line. */
export function piecesOf({ turn, lines }: ReadPage): TextPiece[] {
  const upright = turn % 180 === 0;
  return lines.flatMap((line) => {
    const [low, high] = upright
      ? [Math.min(...line.map((word) => word[2])), Math.max(...line.map((word) => word[4]))]
      : [Math.min(...line.map((word) => word[1])), Math.max(...line.map((word) => word[3]))];
    return line.map(([text, left, bottom, right, top], at): TextPiece => ({
      text: at < line.length - 1 ? `${text} ` : text,
      breaks: at === line.length - 1,
      quad: upright ? turned(turn, left, low, right, high) : turned(turn, low, bottom, high, top),
    }));
  });
}

/** Corners as one reads: upper left and right, lower left and right. */
function turned(turn: number, left: number, bottom: number, right: number, top: number): Quad {
  switch (turn) {
    case 90: return [left, bottom, left, top, right, bottom, right, top];
    case 180: return [right, bottom, left, bottom, right, top, left, top];
    case 270: return [right, top, right, bottom, left, top, left, bottom];
    default: return [left, top, right, top, left, bottom, right, bottom];
  }
}

/** Fills `host` with the words where they stand, not to be seen but to be selected; sized as pdf.js sizes its own. */
export function layWords(page: ReadPage, box: PageBox, host: HTMLElement): void {
  const shown = toShown(box);
  const size = shownSize(box);
  const spans = document.createDocumentFragment();
  // What pdf.js left when it laid a layer before: ours needs no turning of the whole.
  delete host.dataset.mainRotation;
  Object.assign(host.style, { width: "", height: "" });
  for (const { text, breaks, quad } of piecesOf(page)) {
    const from = apply(shown, { x: quad[0], y: quad[1] });
    const to = apply(shown, { x: quad[2], y: quad[3] });
    const low = apply(shown, { x: quad[4], y: quad[5] });
    const height = Math.hypot(low.x - from.x, low.y - from.y);
    const span = document.createElement("span");
    span.textContent = breaks ? `${text} ` : text;
    span.setAttribute("role", "presentation");
    Object.assign(span.style, { left: `${(from.x / size.width) * 100}%`, top: `${(from.y / size.height) * 100}%`, fontFamily: FONT });
    span.style.setProperty("--font-height", `${height}px`);
    span.style.setProperty("--scale-x", String(Math.hypot(to.x - from.x, to.y - from.y) / widthOf(text.trimEnd(), height)));
    span.style.setProperty("--rotate", `${(Math.atan2(to.y - from.y, to.x - from.x) * 180) / Math.PI}deg`);
    spans.append(span);
    if (breaks) spans.append(document.createElement("br"));
  }
  host.append(spans);
}

const FONT = "sans-serif";
const MEASURED = 100;
let pen: CanvasRenderingContext2D | null = null;

/** How wide the browser sets a word of this height. */
function widthOf(text: string, height: number): number {
  pen ??= document.createElement("canvas").getContext("2d");
  if (!pen) return Math.max(1, text.length * height * 0.5);
  pen.font = `${MEASURED}px ${FONT}`;
  return Math.max(0.1, (pen.measureText(text).width * height) / MEASURED);
}

/** The paper with the words that were read; all else is the engine's. */
export function withRead(doc: PdfDoc, read: ReadPages): PdfDoc {
  return new ReadDoc(doc, read);
}

class ReadDoc implements PdfDoc {
  readonly #doc: PdfDoc;
  readonly #read: ReadPages;
  #bare: PdfDoc | null = null;

  constructor(doc: PdfDoc, read: ReadPages) {
    this.#doc = doc;
    this.#read = read;
  }

  get pages(): number { return this.#doc.pages; }
  get failed(): Promise<never> { return this.#doc.failed; }
  get onmarks(): (() => void) | null { return this.#doc.onmarks; }
  set onmarks(heard: (() => void) | null) { this.#doc.onmarks = heard; }
  get bare(): PdfDoc {
    this.#bare ??= this.#doc.bare === this.#doc ? this : new ReadDoc(this.#doc.bare, this.#read);
    return this.#bare;
  }

  async pageSize(page: number): Promise<PageBox> { return this.#doc.pageSize(page); }
  async references(page: number): Promise<Reference[]> { return this.#doc.references(page); }
  async outline(): Promise<Chapter[]> { return this.#doc.outline(); }
  async close(): Promise<void> { return this.#doc.close(); }

  async render(page: number, canvas: HTMLCanvasElement, scale: number, signal: AbortSignal, area?: Area): Promise<void> {
    return this.#doc.render(page, canvas, scale, signal, area);
  }

  async text(page: number): Promise<TextPiece[]> {
    const found = await this.#of(page);
    return found ? piecesOf(found) : this.#doc.text(page);
  }

  async quads(page: number, from: number, to: number): Promise<Quad[]> {
    return quadsOf(await this.text(page), from, to);
  }

  async textLayer(page: number, host: HTMLElement, signal: AbortSignal): Promise<void> {
    const found = await this.#of(page);
    signal.throwIfAborted();
    if (!found) return this.#doc.textLayer(page, host, signal);
    layWords(found, await this.#doc.pageSize(page), host);
    return undefined;
  }

  /** A page whose words cannot be had now is shown without them. */
  async #of(page: number): Promise<ReadPage | null> {
    return this.#read(page).catch(() => null);
  }
}
