/** What is selected with finger or mouse in the text of a page, as quads in user space and words. */
import type { Quad } from "../ink/body.ts";
import { type PageBox, rectToQuad, type XY } from "./geometry.ts";

export interface Selected {
  readonly page: number;
  readonly quads: Quad[];
  readonly quote: string;
  /** Words of the page before and after, by which the quote is found again. */
  readonly prefix: string;
  readonly suffix: string;
}

/** How much of the words around is taken, in characters. */
const AROUND = 64;

interface Edges {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** Rectangles of one line joined to one; those without width left out. In reading order as given. */
export function joinLines(rects: readonly Edges[]): Edges[] {
  const lines: Edges[] = [];
  for (const rect of rects) {
    if (rect.right - rect.left < 0.5 || rect.bottom - rect.top < 0.5) continue;
    const last = lines.at(-1);
    if (last && sameLine(last, rect)) {
      lines[lines.length - 1] = {
        left: Math.min(last.left, rect.left), right: Math.max(last.right, rect.right),
        top: Math.min(last.top, rect.top), bottom: Math.max(last.bottom, rect.bottom),
      };
    } else lines.push(rect);
  }
  return lines;
}

/** More than half of the lower of both overlaps in height, and they nearly touch. */
function sameLine(a: Edges, b: Edges): boolean {
  const shared = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
  const height = Math.min(a.bottom - a.top, b.bottom - b.top);
  const gap = Math.max(a.left, b.left) - Math.min(a.right, b.right);
  return shared > height / 2 && gap < height * 2;
}

/** The selection inside `layer`, the text layer of `page`; null when it is empty or elsewhere. */
export function selectedIn(layer: HTMLElement, page: number, box: PageBox, scale: number): Selected | null {
  const selection = getSelection();
  if (!selection || selection.isCollapsed || selection.rangeCount === 0) return null;
  const range = selection.getRangeAt(0);
  return range.intersectsNode(layer) ? takeRange(range, layer, page, box, scale) : null;
}

/**
 * The text between two places of the window, for a highlighter that is drawn over it; null where there is no text.
 * Nothing that lies over the text layer may take pointer events while this runs.
 */
export function textBetween(layer: HTMLElement, from: XY, to: XY, page: number, box: PageBox, scale: number): Selected | null {
  const [start, end] = [caretAt(from), caretAt(to)];
  if (!start || !end || !layer.contains(start.node) || !layer.contains(end.node)) return null;
  const range = document.createRange();
  range.setStart(start.node, start.offset);
  range.setEnd(end.node, end.offset);
  // Drawn from right to left: an end before the start collapses the range, so take it the other way round.
  if (range.collapsed) {
    range.setStart(end.node, end.offset);
    range.setEnd(start.node, start.offset);
  }
  return takeRange(range, layer, page, box, scale);
}

function caretAt({ x, y }: XY): { node: Node; offset: number } | null {
  const at = document.caretPositionFromPoint(x, y);
  return at?.offsetNode.nodeType === Node.TEXT_NODE ? { node: at.offsetNode, offset: at.offset } : null;
}

function takeRange(range: Range, layer: HTMLElement, page: number, box: PageBox, scale: number): Selected | null {
  const within = document.createRange();
  within.selectNodeContents(layer);
  if (layer.contains(range.startContainer)) within.setStart(range.startContainer, range.startOffset);
  if (layer.contains(range.endContainer)) within.setEnd(range.endContainer, range.endOffset);
  const origin = layer.getBoundingClientRect();
  const rects = [...within.getClientRects()].map((rect) => ({
    left: rect.left - origin.left, right: rect.right - origin.left, top: rect.top - origin.top, bottom: rect.bottom - origin.top,
  }));
  const quote = plain(within).trim();
  const quads = joinLines(rects).map((rect) => rectToQuad(box, rect, scale));
  return quads.length > 0 && quote ? { page, quads, quote, ...around(within, layer) } : null;
}

function around(within: Range, layer: HTMLElement): { prefix: string; suffix: string } {
  const [before, after] = [document.createRange(), document.createRange()];
  before.setStart(layer, 0);
  before.setEnd(within.startContainer, within.startOffset);
  after.setStart(within.endContainer, within.endOffset);
  after.setEnd(layer, layer.childNodes.length);
  return { prefix: plain(before).trimStart().slice(-AROUND), suffix: plain(after).trimEnd().slice(0, AROUND) };
}

function plain(range: Range): string {
  return range.toString().replace(/\s+/g, " ").normalize("NFC");
}
