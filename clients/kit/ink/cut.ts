/** The eraser that takes a part: what remains of a stroke outside a circle. Pure. */
import type { XY } from "../pdf/geometry.ts";
import type { InkBody } from "./body.ts";
import { decodePoints, distanceToSegment, encodePoints, type Point } from "./stroke.ts";

/** What a crumb is: shorter pieces are not worth a stroke, in points. */
const CRUMB_PT = 0.5;

/** The pieces of a line outside the circle, in order; the line itself, alone, where they do not meet. */
export function cutLine(line: readonly Point[], at: XY, radius: number): readonly (readonly Point[])[] {
  const inside = (point: Point): boolean => Math.hypot(point.x - at.x, point.y - at.y) < radius;
  const pieces: Point[][] = [];
  let piece: Point[] = [];
  const end = (): void => {
    if (piece.length > 0) pieces.push(piece);
    piece = [];
  };
  let met = false;
  for (const [index, point] of line.entries()) {
    const before = line[index - 1];
    const crossings = before ? crossed(before, point, at, radius) : [];
    for (const t of crossings) {
      met = true;
      if (!before) continue;
      piece.push(between(before, point, t));
      // The first of two crossings leads in, a single one in or out: what is drawn so far ends, or begins here.
      if (piece.length > 1) end();
    }
    if (inside(point)) {
      met = true;
      end();
    } else piece.push(point);
  }
  end();
  return met ? pieces : [line];
}

/** Where on a–b the edge of the circle is crossed: none, one or two shares of the way, in order. */
function crossed(a: Point, b: Point, at: XY, radius: number): number[] {
  const [dx, dy] = [b.x - a.x, b.y - a.y];
  const [fx, fy] = [a.x - at.x, a.y - at.y];
  const square = dx * dx + dy * dy;
  const half = fx * dx + fy * dy;
  const root = half * half - square * (fx * fx + fy * fy - radius * radius);
  if (square === 0 || root <= 0) return [];
  const step = Math.sqrt(root);
  return [(-half - step) / square, (-half + step) / square].filter((t) => t > 0 && t < 1);
}

function between(a: Point, b: Point, t: number): Point {
  return { x: a.x + t * (b.x - a.x), y: a.y + t * (b.y - a.y), p: a.p + t * (b.p - a.p) };
}

/** What remains of a stroke, as strokes; null where the eraser did not touch its ink. */
export function cutInk(body: InkBody, at: XY, radius: number): InkBody[] | null {
  const line = decodePoints(body.pts);
  const reach = radius + body.w / 2; // the round end of what remains then just touches the eraser
  if (!touched(line, at, reach)) return null;
  return cutLine(line, at, reach).filter(worth).map((points) => ({ ...body, pts: encodePoints(points) }));
}

function touched(line: readonly Point[], { x, y }: XY, reach: number): boolean {
  const [first] = line;
  if (first && line.length === 1) return Math.hypot(first.x - x, first.y - y) < reach;
  return line.slice(1).some((point, index) => distanceToSegment(x, y, line[index] ?? point, point) < reach);
}

function worth(points: readonly Point[]): boolean {
  let length = 0;
  for (const [index, point] of points.entries()) {
    const before = points[index - 1] ?? point;
    length += Math.hypot(point.x - before.x, point.y - before.y);
  }
  return length > CRUMB_PT;
}
