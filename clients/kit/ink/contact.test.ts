/** Tests of the tools over a page that is only numbers: window and user space are one, y runs up. */
import { describe, expect, test } from "vitest";

import type { Body, Mark } from "./body.ts";
import { contact } from "./contact.ts";
import { type Deeds, type Ground, NO_PREVIEW, type Preview, type Rewriting, type Setting } from "./ground.ts";
import type { Sample } from "./pointer.ts";
import { decodePoints, encodePoints } from "./stroke.ts";

const PEN: Setting = { tool: "pen", color: "#112233", width: 2, shape: "arrow", partial: false };
const at = (x: number, y: number, p = 0.5): Sample => ({ x, y, p, t: 0 });
const line = (id: string, y: number, mine = true): Mark =>
  ({ id, mine, body: { type: "ink", color: "#000000", w: 2, pts: encodePoints([{ x: 0, y, p: 0.5 }, { x: 100, y, p: 0.5 }]) } });
const note: Mark = { id: "n", mine: true, body: { type: "note", x: 50, y: 50, text: "a" } };
const text: Mark = { id: "t", mine: true, body: { type: "text", x: 0, y: 100, width: 100, size: 10, color: "#000000", text: "đã rõ" } };

interface Did { written: Body[]; changed: Rewriting[]; chosen: (readonly string[])[]; notes: unknown[]; words: unknown[] }

function play(setting: Partial<Setting>, marks: Mark[], path: Sample[], end: "commit" | "forget" = "commit", chosen: Mark[] = []): Did & { shown: Preview } {
  const did: Did = { written: [], changed: [], chosen: [], notes: [], words: [] };
  let shown = NO_PREVIEW;
  const ground: Ground = {
    box: [0, 0, 595, 842, 0], scale: 1, marks, chosen, user: ({ x, y }) => ({ x, y }), textBetween: () => null,
    paint: () => ({ add: () => undefined, guess: () => undefined, clear: () => undefined }),
    show: (preview) => { shown = preview; },
  };
  const deeds: Deeds = {
    write: (bodies) => { did.written.push(...bodies); }, change: (change) => { did.changed.push(change); },
    choose: (ids) => { did.chosen.push(ids); }, note: (place) => { did.notes.push(place); },
    words: (place, mark) => { did.words.push([place, mark?.id ?? null]); },
  };
  const one = contact({ ...PEN, ...setting }, ground, deeds);
  for (const sample of path) one.extend([sample]);
  one[end]();
  return { ...did, shown };
}

describe("pen", () => {
  test("pressure is kept", () => {
    const { written: [body] } = play({}, [], [at(0, 0, 0.2), at(10, 0, 0.9)]);
    expect(body?.type === "ink" && decodePoints(body.pts).map((point) => point.p)).toEqual([0.2, 0.9]);
  });
  test("a stroke that is too long for one goes on in the next, from where it ended", () => {
    const zigzag = Array.from({ length: 9000 }, (_, index) => at(index, (index % 2) * 5));
    const { written } = play({}, [], zigzag);
    const lines = written.map((body) => (body.type === "ink" ? decodePoints(body.pts) : []));
    expect(lines.map((points) => points.length)).toEqual([4000, 4000, 1002]);
    expect(lines[1]?.[0]).toEqual(lines[0]?.at(-1));
    expect(lines[2]?.at(-1)).toMatchObject({ x: 8999 });
  });
  test("what is forgotten is not written", () => {
    expect(play({}, [], [at(0, 0), at(9, 9)], "forget").written).toEqual([]);
  });
});

describe("highlighter", () => {
  test("where there is no text the band itself is the highlight, and a dab is none", () => {
    expect(play({ tool: "highlighter" }, [], [at(10, 50), at(90, 50)]).written).toMatchObject([{ type: "highlight", quote: "" }]);
    expect(play({ tool: "highlighter" }, [], [at(10, 50), at(11, 50)]).written).toEqual([]);
  });
});

describe("figures", () => {
  test("shown while drawn, written in the end, gone from the preview", () => {
    const { written, shown } = play({ tool: "shape", shape: "rect" }, [], [at(0, 0), at(30, 40)]);
    expect(written).toEqual([{ type: "shape", shape: "rect", color: "#112233", w: 2, x1: 0, y1: 0, x2: 30, y2: 40 }]);
    expect(shown).toEqual(NO_PREVIEW);
  });
});

describe("eraser", () => {
  test("whole strokes, also those that a fast sweep would jump over, only one's own", () => {
    const marks = [line("a", 0), line("b", 30), line("c", 60, false)];
    const { changed: [change] } = play({ tool: "eraser" }, marks, [at(50, -20), at(50, 80)]);
    expect(change).toEqual({ gone: ["a", "b"], put: [], edit: [] });
  });
  test("parts: the stroke goes and its pieces come, as one act", () => {
    const { changed, shown } = play({ tool: "eraser", partial: true }, [line("a", 0), line("b", 60)], [at(50, -20), at(50, 20)]);
    expect(changed).toHaveLength(1);
    expect(changed[0]?.gone).toEqual(["a"]);
    expect(changed[0]?.put.map(({ of }) => of)).toEqual(["a", "a"]);
    expect(changed[0]?.put.map(({ body }) => body.type === "ink" && decodePoints(body.pts).map(({ x }) => Math.round(x)))).toEqual([[0, 39], [61, 100]]);
    expect([...shown.hidden]).toEqual(["a"]);
  });
  test("a sweep over nothing is no act; a sweep that is taken back shows all again", () => {
    expect(play({ tool: "eraser" }, [line("a", 0)], [at(50, 50), at(60, 60)]).changed).toEqual([]);
    expect(play({ tool: "eraser" }, [line("a", 0)], [at(50, 0)], "forget")).toMatchObject({ changed: [], shown: NO_PREVIEW });
  });
});

describe("lasso", () => {
  const loop = [at(-10, -10), at(110, -10), at(110, 40), at(-10, 40)];
  test("a loop chooses what lies in it, a touch chooses what it touches", () => {
    const marks = [line("a", 0), line("b", 200), line("c", 30, false)];
    expect(play({ tool: "lasso" }, marks, loop).chosen).toEqual([["a"]]);
    expect(play({ tool: "lasso" }, marks, [at(50, 195)]).chosen).toEqual([["b"]]);
    expect(play({ tool: "lasso" }, marks, [at(300, 300)]).chosen).toEqual([[]]);
  });
  test("what is chosen is dragged: ink goes and comes anew, words keep their id", () => {
    const chosen = [line("a", 45), note, text];
    const { changed: [change] } = play({ tool: "lasso" }, chosen, [at(50, 50), at(60, 70)], "commit", chosen);
    expect(change?.gone).toEqual(["a"]);
    expect(change?.put[0]?.body.type === "ink" && decodePoints(change.put[0].body.pts)[0]).toMatchObject({ x: 10, y: 65 });
    expect(change?.edit).toMatchObject([{ id: "n", body: { x: 60, y: 70 } }, { id: "t", body: { x: 10, y: 120 } }]);
  });
  test("a touch on what is chosen lets it go", () => {
    expect(play({ tool: "lasso" }, [note], [at(50, 50)], "commit", [note]).chosen).toEqual([[]]);
  });
});

describe("places", () => {
  test("a note where the pointer came down", () => {
    expect(play({ tool: "note" }, [], [at(5, 6), at(9, 9)]).notes).toEqual([{ x: 5, y: 6 }]);
  });
  test("new words, or those that are touched", () => {
    expect(play({ tool: "text" }, [text], [at(300, 300)]).words).toEqual([[{ x: 300, y: 300 }, null]]);
    expect(play({ tool: "text" }, [text], [at(50, 95)]).words).toEqual([[{ x: 50, y: 95 }, "t"]]);
  });
});
