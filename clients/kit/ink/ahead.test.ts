import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { Ahead } from "./ahead.ts";
import type { InkBody } from "./body.ts";
import * as outlines from "./ribbon.ts";

const stroke = (): InkBody => ({ type: "ink", color: "#000000", w: 2, pts: [0, 0, 50, 100, 0, 0] });

beforeEach(() => { vi.useFakeTimers(); });
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

test("strokes are made ready a slice at a time, and what is not a stroke is left alone", () => {
  const made: unknown[] = [];
  vi.spyOn(outlines, "inkPath").mockImplementation((body) => {
    made.push(body);
    return "";
  });
  let now = 0;
  vi.spyOn(performance, "now").mockImplementation(() => (now += 4));
  const strokes = [stroke(), stroke(), stroke()];
  const ahead = new Ahead();
  ahead.add([...strokes, { type: "note", x: 0, y: 0, text: "" }]);
  expect(made).toEqual(strokes.slice(0, 2));
  vi.advanceTimersToNextTimer();
  expect(made).toEqual(strokes);
  expect(vi.getTimerCount()).toBe(0);
});

test("what comes while some are left is begun at once, in its turn", () => {
  const made: unknown[] = [];
  vi.spyOn(outlines, "inkPath").mockImplementation((body) => {
    made.push(body);
    return "";
  });
  let now = 0;
  vi.spyOn(performance, "now").mockImplementation(() => (now += 10));
  const strokes = [stroke(), stroke(), stroke()];
  const ahead = new Ahead();
  ahead.add(strokes.slice(0, 2));
  ahead.add(strokes.slice(2));
  expect(made).toEqual(strokes.slice(0, 2));
  vi.runAllTimers();
  expect(made).toEqual(strokes);
});

test("what is left is forgotten when it is no longer waited for", () => {
  const spy = vi.spyOn(outlines, "inkPath");
  let now = 0;
  vi.spyOn(performance, "now").mockImplementation(() => (now += 10));
  const ahead = new Ahead();
  ahead.add([stroke(), stroke(), stroke()]);
  ahead.stop();
  vi.runAllTimers();
  expect(spy).toHaveBeenCalledOnce();
});
