import { beforeEach, describe, expect, it, vi } from "vitest";

import { INK, MARKER } from "./marks.ts";

const kept = new Map<string, string>();
vi.stubGlobal("localStorage", { getItem: (key: string) => kept.get(key) ?? null, setItem: (key: string, value: string) => { kept.set(key, value); } });
const { inHand, palette, pens, readPens } = await import("./pens.svelte.ts");

describe("what the tools write with", () => {
  beforeEach(() => { kept.clear(); });

  it("begins with the ink of the layer, so that shared ink is told from one's own", () => {
    expect(inHand("pen", "private").color).toBe(INK.private);
    expect(inHand("pen", "shared").color).toBe(INK.shared);
    expect(inHand("highlighter", "shared").color).toBe(MARKER.shared);
  });

  it("remembers each tool by itself on the device", () => {
    pens.set("pen", { colour: 3, width: 3 });
    pens.set("shape", { shape: "rect" });
    pens.fingers = "never";
    const again = readPens(localStorage);
    expect(again).toMatchObject({ pen: { colour: 3, width: 3 }, shape: { colour: 0, width: 2, shape: "rect" }, fingers: "never" });
    expect(inHand("pen", "private")).toMatchObject({ color: palette("pen", "private")[3]?.color, width: 3 });
    expect(inHand("text", "private").color).toBe(INK.private);
  });

  it("takes what an older app kept, and nothing from what is broken", () => {
    kept.set("phien.pens", JSON.stringify({ pen: { width: 0.9 } }));
    expect(readPens(localStorage)).toMatchObject({ pen: { colour: 0, width: 0.9 }, eraser: { partial: false } });
    kept.set("phien.pens", "{");
    expect(readPens(localStorage).pen.width).toBe(1.6);
  });
});
