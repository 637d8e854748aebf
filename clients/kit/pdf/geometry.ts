/** Between a page's own coordinates (PDF user space, unrotated, origin below left) and the page as it is shown. */
import type { Quad } from "../ink/body.ts";

/** `[x0, y0, x1, y1, rotate]` in points: crop box in unrotated user space and /Rotate (0, 90, 180, 270 clockwise). */
export type PageBox = readonly [number, number, number, number, number];

/** `[a, b, c, d, e, f]` as in CSS `matrix()`: x' = a·x + c·y + e, y' = b·x + d·y + f. */
export type Matrix = readonly [number, number, number, number, number, number];

export interface Size {
  readonly width: number;
  readonly height: number;
}

export interface XY {
  readonly x: number;
  readonly y: number;
}

function quarterTurns(rotate: number): number {
  return (((Math.round(rotate / 90) % 4) + 4) % 4);
}

/** Size of the page as shown at one CSS pixel a point. */
export function shownSize([x0, y0, x1, y1, rotate]: PageBox): Size {
  const [w, h] = [x1 - x0, y1 - y0];
  return quarterTurns(rotate) % 2 === 0 ? { width: w, height: h } : { width: h, height: w };
}

/** From user space to the shown page, origin above left, one unit a point. For SVG: `matrix(${toShown(box)})`. */
export function toShown([x0, y0, x1, y1, rotate]: PageBox): Matrix {
  switch (quarterTurns(rotate)) {
    case 1:
      return [0, 1, 1, 0, -y0, -x0];
    case 2:
      return [-1, 0, 0, 1, x1, -y0];
    case 3:
      return [0, -1, -1, 0, y1, x1];
    default:
      return [1, 0, 0, -1, -x0, y1];
  }
}

/** The way back. All matrices here keep lengths, so the determinant is 1 or -1. */
export function inverse([a, b, c, d, e, f]: Matrix): Matrix {
  const det = a * d - b * c;
  return [d / det, -b / det, -c / det, a / det, (c * f - d * e) / det, (b * e - a * f) / det];
}

export function apply([a, b, c, d, e, f]: Matrix, { x, y }: XY): XY {
  return { x: a * x + c * y + e, y: b * x + d * y + f };
}

/** A place on the shown page (CSS pixels from its corner, at `scale` pixels a point) in user space. */
export function toUser(box: PageBox, at: XY, scale: number): XY {
  return apply(inverse(toShown(box)), { x: at.x / scale, y: at.y / scale });
}

/** A place in user space on the shown page, in CSS pixels at `scale`. */
export function toCss(box: PageBox, at: XY, scale: number): XY {
  const { x, y } = apply(toShown(box), at);
  return { x: x * scale, y: y * scale };
}

/** A shown rectangle as a quad in user space: upper left, upper right, lower left, lower right of the text as read. */
export function rectToQuad(box: PageBox, rect: { left: number; top: number; right: number; bottom: number }, scale: number): Quad {
  const corner = (x: number, y: number): [number, number] => {
    const at = toUser(box, { x, y }, scale);
    return [round(at.x), round(at.y)];
  };
  return [
    ...corner(rect.left, rect.top), ...corner(rect.right, rect.top),
    ...corner(rect.left, rect.bottom), ...corner(rect.right, rect.bottom),
  ];
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}

/** SVG points of a quad, around its edge. */
export function quadPoints([ulx, uly, urx, ury, llx, lly, lrx, lry]: Quad): string {
  return `${ulx},${uly} ${urx},${ury} ${lrx},${lry} ${llx},${lly}`;
}
