import type { Mark } from "@phien/kit/ink";
import { expect, it } from "vitest";

import { placeOfMark } from "./mark-place.ts";

const note = (x: number, y: number): Mark => ({ id: "a", mine: true, body: { type: "note", x, y, text: "" } });

it("leads to the mark on its page, also a turned one, and to the top without one", () => {
  expect(placeOfMark(note(150, 600), 3, [0, 0, 600, 800, 0])).toEqual({ page: 3, fraction: 0.25, across: 0.25 });
  expect(placeOfMark(note(150, 600), 3, [0, 0, 600, 800, 90])).toEqual({ page: 3, fraction: 0.25, across: 0.75 });
  expect(placeOfMark(note(-50, 900), 3, [0, 0, 600, 800, 0])).toEqual({ page: 3, fraction: 0.01, across: 0.01 });
  expect(placeOfMark(undefined, 3, [0, 0, 600, 800, 0])).toEqual({ page: 3, fraction: 0 });
});
