import { expect, test } from "vitest";

import { isNameMark } from "./name-mark.ts";

function turned(degrees: number, size = 13): number[] {
  const angle = (degrees * Math.PI) / 180;
  return [Math.cos(angle) * size, Math.sin(angle) * size, -Math.sin(angle) * size, Math.cos(angle) * size, 40, 90];
}

test("the line of a name is known by its angle on pages turned any way", () => {
  for (const page of [0, 90, 180, 270]) expect(isNameMark(turned(31.7 + page, 9 + page / 10))).toBe(true);
});

test("print, headings at common angles and empty transforms are none", () => {
  for (const degrees of [0, 30, 32, 31.5, 45, 60, 58.3, 90, 180, -31.7]) expect(isNameMark(turned(degrees))).toBe(false);
  expect(isNameMark([])).toBe(false);
});
