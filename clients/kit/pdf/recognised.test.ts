import { describe, expect, it } from "vitest";

import type { PdfDoc } from "./engine.ts";
import { joinText } from "./engine.ts";
import { piecesOf, type ReadPage, withRead } from "./recognised.ts";

const PAGE: ReadPage = { turn: 0, lines: [[["Kế", 10, 70, 20, 80], ["hoạch", 25, 68, 50, 79]], [["vốn", 10, 50, 30, 60]]] };

function paper(): PdfDoc {
  const doc: Partial<PdfDoc> = {
    pages: 2, text: async () => Promise.resolve([{ text: "in", breaks: false, quad: [0, 0, 0, 0, 0, 0, 0, 0] }]),
  };
  return Object.assign(doc, { bare: doc }) as PdfDoc;
}

describe("pages read by a machine", () => {
  it("read as the server tells their text, each word as high as its line", () => {
    const pieces = piecesOf(PAGE);
    expect(joinText(pieces)).toBe("Kế hoạch\nvốn\n");
    expect(pieces[0]?.quad).toEqual([10, 80, 20, 80, 10, 68, 20, 68]);
  });

  it.each([
    [90, [10, 68, 10, 80, 50, 68, 50, 80]],
    [180, [20, 68, 10, 68, 20, 80, 10, 80]],
    [270, [50, 80, 50, 68, 10, 80, 10, 68]],
  ])("run as the page lies (%i)", (turn, quad) => {
    const lines = turn === 180 ? PAGE.lines : [[["Kế", 10, 68, 50, 80]]] as const;
    expect(piecesOf({ turn, lines })[0]?.quad).toEqual(quad);
  });

  it("stand in for the engine's on their page alone", async () => {
    const doc = withRead(paper(), async (page) => Promise.resolve(page === 1 ? PAGE : null));
    expect(joinText(await doc.text(1))).toBe("Kế hoạch\nvốn\n");
    expect(await doc.quads(1, 3, 8)).toEqual([[25, 80, 50, 80, 25, 68, 50, 68].map((side, at) => (at === 2 || at === 6 ? expect.closeTo(side, -1) as number : side))]);
    expect(joinText(await doc.text(2))).toBe("in");
    expect(doc.bare).toBe(doc);
  });

  it("are shown without words while those cannot be had", async () => {
    const doc = withRead(paper(), async () => Promise.reject(new Error("offline")));
    expect(joinText(await doc.text(1))).toBe("in");
  });
});
