/** Where a mark lies: points that stand for it, and the box around them, in PDF user space. */
import { apply, inverse, type PageBox, toShown, type XY } from "../pdf/geometry.ts";
import type { Body, ShapeBody, TextBody } from "./body.ts";
import { textHeight } from "./lines.ts";
import { decodePoints } from "./stroke.ts";

export interface Bounds {
  readonly left: number;
  readonly bottom: number;
  readonly right: number;
  readonly top: number;
}

/** Half the side of a note's pin, in points. */
export const PIN_PT = 12;

/** The line of a shape; a rectangle's ends where it began. */
export function edgeOf({ shape, x1, y1, x2, y2 }: ShapeBody): XY[] {
  if (shape !== "rect") return [{ x: x1, y: y1 }, { x: x2, y: y2 }];
  return [{ x: x1, y: y1 }, { x: x2, y: y1 }, { x: x2, y: y2 }, { x: x1, y: y2 }, { x: x1, y: y1 }];
}

/** The corners of words on the page; they run as the page is read, so its turn counts. */
export function textCorners(body: TextBody, page: PageBox): XY[] {
  const [to, from] = [toShown(page), inverse(toShown(page))];
  const { x, y } = apply(to, body);
  const [right, foot] = [x + body.width, y + textHeight(body)];
  return [{ x, y }, { x: right, y }, { x: right, y: foot }, { x, y: foot }].map((corner) => apply(from, corner));
}

/** Points that stand for a mark: its line, its corners, or the place of its pin. */
export function pointsOf(body: Body, page: PageBox): XY[] {
  switch (body.type) {
    case "ink":
      return decodePoints(body.pts);
    case "highlight":
      return body.quads.flatMap((quad) => [0, 2, 4, 6].map((at) => ({ x: quad[at] ?? 0, y: quad[at + 1] ?? 0 })));
    case "note":
      return [{ x: body.x, y: body.y }];
    case "shape":
      return edgeOf(body);
    case "text":
      return textCorners(body, page);
  }
}

/** The box around points; null where there are none. */
export function boundsOf(points: readonly XY[]): Bounds | null {
  if (points.length === 0) return null;
  let [left, bottom, right, top] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const { x, y } of points) {
    [left, bottom, right, top] = [Math.min(left, x), Math.min(bottom, y), Math.max(right, x), Math.max(top, y)];
  }
  return { left, bottom, right, top };
}

/** Whether a circle touches the box. */
export function touches(box: Bounds, x: number, y: number, radius: number): boolean {
  return x >= box.left - radius && x <= box.right + radius && y >= box.bottom - radius && y <= box.top + radius;
}
