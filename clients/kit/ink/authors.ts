/** Whose hand is on a page: one place for each author, and tags that do not lie on one another. Pure. */
import type { XY } from "../pdf/index.ts";
import type { Body, Mark } from "./body.ts";

export interface Authored {
  /** Id of the author's newest mark on the page. */
  readonly id: string;
  readonly author: string;
  /** What was written last is read by a group alone. */
  readonly group: boolean;
  /** Where that mark begins, in user space. */
  readonly at: XY;
}

/** The newest mark of every author; `marks` are in the order of their making. Private marks have no author. */
export function lastOfAuthors(marks: readonly Mark[]): Authored[] {
  const last = new Map(marks.flatMap((mark) => (mark.author ? [[mark.author, mark] as const] : [])));
  return [...last].map(([author, mark]) => ({ id: mark.id, author, group: mark.group ?? false, at: beginOf(mark.body) }));
}

/** Where a mark begins, in user space. */
export function beginOf(body: Body): XY {
  switch (body.type) {
    case "ink":
      return { x: (body.pts[0] ?? 0) / 100, y: (body.pts[1] ?? 0) / 100 };
    case "highlight":
      return { x: body.quads[0]?.[4] ?? 0, y: body.quads[0]?.[5] ?? 0 };
    case "shape":
      return { x: body.x1, y: body.y1 };
    default:
      return body;
  }
}

/** The heights (percent of the page) moved as little down as needed to stand `apart`; all of them back up where the
 * lowest would leave the page. The answer is in the order of the question. */
export function spread(tops: readonly number[], apart: number): number[] {
  const order = tops.map((top, index) => ({ top, index })).sort((a, b) => a.top - b.top);
  let low = apart / 2;
  for (const one of order) {
    one.top = Math.max(one.top, low);
    low = one.top + apart;
  }
  let high = 100 - apart / 2;
  for (const one of order.toReversed()) {
    one.top = Math.min(one.top, high);
    high = one.top - apart;
  }
  return order.sort((a, b) => a.index - b.index).map(({ top }) => top);
}
