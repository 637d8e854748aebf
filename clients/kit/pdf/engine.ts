/** What the viewer needs of a PDF engine. pdf.js stands behind it today; another can take its place. */
import type { Quad } from "../ink/body.ts";
import type { PageBox } from "./geometry.ts";
import type { Anchor } from "./layout.ts";
import type { Outward } from "./outward.ts";

/** Where the bytes come from: the server by ranges, or the encrypted store of this device. */
export interface PdfSource {
  /** Whole length in bytes. */
  readonly length: number;
  /** Bytes `begin` to `end`, without `end`. May fail; the engine asks again a few times. */
  readonly fetchRange: (begin: number, end: number, signal: AbortSignal) => Promise<Uint8Array>;
}

/** Part of a page in pixels of the bitmap. */
export interface Area {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** A piece of text on one line. */
export interface TextPiece {
  readonly text: string;
  /** Ends a line. */
  readonly breaks: boolean;
  /** Its box in user space. */
  readonly quad: Quad;
}

/** A place on a page that leads to another place of the same paper, or out of it. */
export interface Reference {
  /** `[x0, y0, x1, y1]` in user space. */
  readonly rect: readonly [number, number, number, number];
  readonly to: Anchor | Outward;
}

/** A line of the paper's own outline; `to` is null where it leads nowhere in this paper. */
export interface Chapter {
  readonly title: string;
  readonly to: Anchor | null;
  readonly children: readonly Chapter[];
}

/** Why the bytes are no paper that can be shown: asking again would not help. */
export class PaperError extends Error {
  constructor(readonly kind: "password" | "broken", options?: ErrorOptions) {
    super(kind, options);
  }
}

export interface PdfDoc {
  readonly pages: number;
  /** Box of a page (from 1), as the server's table has it. */
  pageSize: (page: number) => Promise<PageBox>;
  /**
   * Draws a page, or `area` of it, at `scale` pixels a point; sets the size of the canvas.
   * An aborted drawing rejects with the signal's reason.
   */
  render: (page: number, canvas: HTMLCanvasElement, scale: number, signal: AbortSignal, area?: Area) => Promise<void>;
  /** The text of a page in reading order. */
  text: (page: number) => Promise<TextPiece[]>;
  /** Boxes of the characters `from` to `to` of the page's text (pieces joined, a line break counts one). */
  quads: (page: number, from: number, to: number) => Promise<Quad[]>;
  /** Fills `host` with text to select, scaled by its CSS variable `--total-scale-factor` (pixels a point). */
  textLayer: (page: number, host: HTMLElement, signal: AbortSignal) => Promise<void>;
  /** Places of a page that lead elsewhere: in the paper, or to an address that may be offered. */
  references: (page: number) => Promise<Reference[]>;
  /** The outline that the paper carries; empty where it has none. */
  outline: () => Promise<Chapter[]>;
  /** Heard once, when a page that is drawn turns out to have marks that came with the file; at once where one has. */
  onmarks: (() => void) | null;
  /** The same paper drawn without those marks; links, fields, signatures and stamps stay. Closed with this one. */
  readonly bare: PdfDoc;
  /** Rejects when the bytes can no longer be read; never resolves. */
  readonly failed: Promise<never>;
  close: () => Promise<void>;
}

export interface PdfEngine {
  /** With `first` that page is asked for before anybody comes to draw it: the engine makes it ready meanwhile. */
  open: (source: PdfSource, first?: number) => Promise<PdfDoc>;
}

/** Joins pieces as `quads` counts them. */
export function joinText(pieces: readonly TextPiece[]): string {
  return pieces.map((piece) => piece.text + (piece.breaks ? "\n" : "")).join("");
}

/** Boxes of the characters `from` to `to`; within a piece by share of its length, as letters have no boxes of their own. */
export function quadsOf(pieces: readonly TextPiece[], from: number, to: number): Quad[] {
  const quads: Quad[] = [];
  let at = 0;
  for (const { text, breaks, quad } of pieces) {
    const start = Math.max(from, at);
    const end = Math.min(to, at + text.length);
    if (start < end) quads.push(slice(quad, (start - at) / text.length, (end - at) / text.length));
    at += text.length + (breaks ? 1 : 0);
  }
  return quads;
}

function slice([ulx, uly, urx, ury, llx, lly, lrx, lry]: Quad, from: number, to: number): Quad {
  const between = (a: number, b: number, t: number): number => Math.round((a + (b - a) * t) * 100) / 100;
  return [
    between(ulx, urx, from), between(uly, ury, from), between(ulx, urx, to), between(uly, ury, to),
    between(llx, lrx, from), between(lly, lry, from), between(llx, lrx, to), between(lly, lry, to),
  ];
}
