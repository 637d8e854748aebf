import { describe, expect, it } from "vitest";

import { lookOf } from "./stage-hand.svelte.ts";

const INK = { color: "#9A3D08", width: 1.6 };

describe("a stroke under way", () => {
  it("is shown to others only where all will read it", () => {
    expect(lookOf("pen", "shared", INK)).toEqual({ color: "#9A3D08", w: 1.6, marker: false });
    expect(lookOf("highlighter", "shared", INK)).toMatchObject({ marker: true });
    for (const layer of ["private", "g:1"] as const) for (const tool of ["pen", "highlighter"] as const) expect(lookOf(tool, layer, INK)).toBeNull();
  });

  it("is one of a pen: nothing else of the hand is shown", () => {
    for (const tool of ["eraser", "note", "lasso", "shape", "text", null] as const) expect(lookOf(tool, "shared", INK)).toBeNull();
  });
});
