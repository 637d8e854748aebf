/** Tests of joining the rectangles of a selection to lines. */
import { expect, test } from "vitest";

import { joinLines } from "./select.ts";

const rect = (left: number, top: number, right: number, bottom: number): { left: number; top: number; right: number; bottom: number } =>
  ({ left, top, right, bottom });

test("pieces of one line become one, lines stay apart", () => {
  const lines = joinLines([rect(10, 10, 50, 22), rect(52, 11, 90, 22), rect(10, 30, 40, 42)]);
  expect(lines).toEqual([rect(10, 10, 90, 22), rect(10, 30, 40, 42)]);
});
test("empty rectangles and far columns are not joined", () => {
  expect(joinLines([rect(10, 10, 10, 22), rect(10, 10, 50, 22), rect(300, 10, 350, 22)])).toHaveLength(2);
});
