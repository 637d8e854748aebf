/** Tests of who draws: pens, fingers, palms, second fingers, cancelled pointers. */
import { describe, expect, test } from "vitest";

import { type DrawState, drawState, type Effect, pointer, type PointerInput, type PointerKind } from "./pointer.ts";

function input(at: PointerInput["at"], id: number, kind: PointerKind, t = 0, count = 1): PointerInput {
  const samples = Array.from({ length: count }, (_, i) => ({ x: i, y: 0, p: 0.5, t }));
  return { at, id, kind, samples, main: true };
}

/** Plays the events; answers with the last state, all effects by name, and who took each event. */
function play(start: DrawState, ...events: PointerInput[]): { state: DrawState; effects: Effect[]; taken: boolean[] } {
  let state = start;
  const effects: Effect[] = [];
  const taken: boolean[] = [];
  for (const event of events) {
    const outcome = pointer(state, event);
    ({ state } = outcome);
    effects.push(...outcome.effects);
    taken.push(outcome.taken);
  }
  return { state, effects, taken };
}
const names = (effects: Effect[]): string[] => effects.map((effect) => effect.do);

describe("one pointer", () => {
  test("down, move, up is one stroke", () => {
    const { effects, state } = play(drawState(), input("down", 1, "mouse"), input("move", 1, "mouse"), input("up", 1, "mouse"));
    expect(names(effects)).toEqual(["begin", "extend", "extend", "commit"]);
    expect(state.active).toBeNull();
  });
  test("one move brings all its coalesced samples", () => {
    const { effects } = play(drawState(), input("down", 1, "pen"), input("move", 1, "pen", 8, 6));
    const [, moved] = effects;
    expect(moved?.do === "extend" && moved.samples.length).toBe(6);
  });
  test("another button does not draw", () => {
    const { effects, taken } = play(drawState(), { ...input("down", 1, "mouse"), main: false });
    expect(effects).toEqual([]);
    expect(taken).toEqual([false]);
  });
  test("a cancelled pointer keeps what was written", () => {
    const { effects } = play(drawState(), input("down", 1, "pen"), input("move", 1, "pen"), input("cancel", 1, "pen"));
    expect(names(effects)).toEqual(["begin", "extend", "commit"]);
  });
});

describe("pen and fingers", () => {
  test("fingers draw until a pen is seen, then they scroll", () => {
    const first = play(drawState(), input("down", 1, "touch"), input("up", 1, "touch"));
    expect(names(first.effects)).toContain("begin");
    const second = play(first.state, input("down", 2, "pen"), input("up", 2, "pen"), input("down", 3, "touch"));
    expect(second.taken.at(-1)).toBe(false);
    expect(second.state.active).toBeNull();
  });
  test("a pen that only hovers counts as seen", () => {
    expect(play(drawState(), input("move", 2, "pen"), input("down", 3, "touch")).taken).toEqual([false, false]);
  });
  test("the switch lets fingers draw beside a pen, or never", () => {
    expect(play(drawState("always", true), input("down", 1, "touch")).taken).toEqual([true]);
    expect(play(drawState("never", false), input("down", 1, "touch")).taken).toEqual([false]);
  });
  test("while the pen is down a palm neither draws nor scrolls", () => {
    const { effects, taken } = play(
      drawState("always"), input("down", 1, "pen"), input("down", 2, "touch", 300), input("move", 2, "touch", 310),
      input("up", 2, "touch", 320), input("move", 1, "pen", 330),
    );
    expect(names(effects)).toEqual(["begin", "extend"]);
    expect(taken).toEqual([true, true, true, true, true]);
  });
  test("a pen takes over from the palm that came first", () => {
    const { effects, state } = play(drawState(), input("down", 1, "touch"), input("move", 1, "touch"), input("down", 2, "pen", 40));
    expect(names(effects)).toEqual(["begin", "extend", "forget", "begin"]);
    expect(state.active?.id).toBe(2);
  });
});

describe("second finger", () => {
  test("within 80 ms it is a pinch: the fresh stroke is forgotten", () => {
    const { effects, taken, state } = play(drawState(), input("down", 1, "touch", 0), input("down", 2, "touch", 80));
    expect(names(effects)).toEqual(["begin", "forget"]);
    expect(taken).toEqual([true, false]);
    expect(state.active).toBeNull();
  });
  test("later it changes nothing", () => {
    const { effects, taken } = play(drawState(), input("down", 1, "touch", 0), input("down", 2, "touch", 81), input("up", 1, "touch", 200));
    expect(names(effects)).toEqual(["begin", "extend", "commit"]);
    expect(taken[1]).toBe(true);
  });
});
