/** What the eraser or a finger touches: whole marks, in PDF user space. */
import type { PageBox, XY } from "../pdf/geometry.ts";
import type { Mark, Quad } from "./body.ts";
import { boundsOf, edgeOf, PIN_PT, textCorners, touches } from "./bounds.ts";
import { decodePoints, distanceToSegment } from "./stroke.ts";

/** Whether a circle around (x, y) touches the mark; lengths in points. */
export function hits(mark: Mark, x: number, y: number, radius: number, page: PageBox): boolean {
  const { body } = mark;
  switch (body.type) {
    case "ink":
      return nearLine(decodePoints(body.pts), x, y, radius + body.w / 2);
    case "highlight":
      return body.quads.some((quad) => inQuad(quad, x, y));
    case "note":
      return Math.abs(x - body.x) <= PIN_PT && Math.abs(y - body.y) <= PIN_PT;
    case "shape":
      return nearLine(edgeOf(body), x, y, radius + body.w / 2);
    case "text": {
      const box = boundsOf(textCorners(body, page));
      return box !== null && touches(box, x, y, radius);
    }
  }
}

/** Marks of this person that are touched, the newest first. */
export function hitMarks(marks: readonly Mark[], x: number, y: number, radius: number, page: PageBox): Mark[] {
  return marks.filter((mark) => mark.mine && hits(mark, x, y, radius, page)).reverse();
}

function nearLine(points: readonly XY[], x: number, y: number, radius: number): boolean {
  const [first] = points;
  if (!first) return false;
  if (points.length === 1) return Math.hypot(x - first.x, y - first.y) <= radius;
  return points.slice(1).some((point, index) => distanceToSegment(x, y, points[index] ?? first, point) <= radius);
}

/** The corners go UL, UR, LL, LR: around the edge that is UL, UR, LR, LL. */
function inQuad(quad: Quad, x: number, y: number): boolean {
  const [ulx, uly, urx, ury, llx, lly, lrx, lry] = quad;
  const corners = [[ulx, uly], [urx, ury], [lrx, lry], [llx, lly]] as const;
  const sides = corners.map(([ax, ay], index) => {
    const [bx, by] = corners[(index + 1) % 4] ?? corners[0];
    return Math.sign((bx - ax) * (y - ay) - (by - ay) * (x - ax));
  });
  return sides.every((side) => side >= 0) || sides.every((side) => side <= 0);
}
