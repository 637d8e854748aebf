/** The text layer of a live page as one string, and where parts of it lie on the page. */
import type { Quad } from "../ink/body.ts";
import { find } from "./find.ts";
import { type PageBox, rectToQuad, shownSize } from "./geometry.ts";
import { joinLines } from "./select.ts";

interface Piece {
  readonly node: Text;
  readonly at: number;
}

/** Text nodes in reading order; a line break counts as one sign. */
function read(layer: HTMLElement): { text: string; pieces: Piece[] } {
  const pieces: Piece[] = [];
  let text = "";
  const walker = document.createTreeWalker(layer, NodeFilter.SHOW_TEXT | NodeFilter.SHOW_ELEMENT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    if (node instanceof Text) {
      pieces.push({ node, at: text.length });
      text += node.data;
    } else if (node instanceof HTMLBRElement) text += "\n";
  }
  return { text, pieces };
}

/** The places of `query` on the page of this layer, each as boxes in user space, one a line. */
export function foundIn(layer: HTMLElement, query: string, box: PageBox): Quad[][] {
  const { text, pieces } = read(layer);
  const places = find(text, query);
  if (places.length === 0) return [];
  const origin = layer.getBoundingClientRect();
  const scale = origin.width / shownSize(box).width;
  return places.map(({ from, to }) => {
    const range = document.createRange();
    const first = pieceAt(pieces, from);
    const last = pieceAt(pieces, to - 1);
    if (!first || !last) return [];
    range.setStart(first.node, Math.min(first.node.length, from - first.at));
    range.setEnd(last.node, Math.min(last.node.length, to - last.at));
    const rects = [...range.getClientRects()].map((rect) => ({
      left: rect.left - origin.left, right: rect.right - origin.left, top: rect.top - origin.top, bottom: rect.bottom - origin.top,
    }));
    return joinLines(rects).map((rect) => rectToQuad(box, rect, scale));
  });
}

/** The piece that holds the sign at `position`. */
function pieceAt(pieces: readonly Piece[], position: number): Piece | undefined {
  let [low, high] = [0, pieces.length - 1];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((pieces[middle]?.at ?? 0) <= position) low = middle;
    else high = middle - 1;
  }
  return pieces[low];
}
