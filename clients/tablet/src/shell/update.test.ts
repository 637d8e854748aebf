import { describe, expect, it } from "vitest";

import { offers } from "./update.svelte.ts";

const CALM = { sitting: false, unsent: 0, durable: true, refused: false };

describe("a newer build", () => {
  it("is offered while nothing is going on", () => {
    expect(offers(CALM)).toBe(true);
  });

  it("waits while a meeting is under way or something is unsent, on disk or not", () => {
    expect(offers({ ...CALM, sitting: true })).toBe(false);
    expect(offers({ ...CALM, unsent: 1 })).toBe(false);
    expect(offers({ ...CALM, unsent: 1, durable: false })).toBe(false);
  });

  it("that the server insists on is offered also then, but never where a note would be lost", () => {
    for (const sitting of [true, false]) {
      expect(offers({ ...CALM, sitting, refused: true })).toBe(true);
      expect(offers({ ...CALM, sitting, refused: true, unsent: 3 })).toBe(true);
      expect(offers({ ...CALM, sitting, refused: true, unsent: 3, durable: false })).toBe(false);
    }
  });
});
