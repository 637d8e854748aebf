/** Tests of the count of all bitmaps: nothing above the limits, pages outside the window pay first. */
import { describe, expect, test } from "vitest";

import { CANVAS_PIXELS, Purse, type Tenant } from "./purse.ts";

function tenant(pixels: number, visible: boolean): Tenant & { pixels: number; evicted: boolean } {
  return { pixels, visible, evicted: false, evict() { this.evicted = true; this.pixels = 0; } };
}

describe("the purse of pixels", () => {
  test("gives what is asked while there is enough, and never more than one canvas may have", () => {
    const purse = new Purse(() => 100e6);
    const me = tenant(0, true);
    purse.enter(me);
    expect(purse.grant(5e6, me)).toBe(5e6);
    expect(purse.grant(60e6, me)).toBe(CANVAS_PIXELS);
  });

  test("takes from pages outside the window first, and no more of them than needed", () => {
    const purse = new Purse(() => 10e6);
    const [seen, far, farther, me] = [tenant(3e6, true), tenant(3e6, false), tenant(3e6, false), tenant(0, true)];
    for (const each of [seen, far, farther, me]) purse.enter(each);
    expect(purse.grant(4e6, me)).toBe(4e6);
    expect([seen.evicted, far.evicted, farther.evicted]).toEqual([false, true, false]);
  });

  test("gives less when all that is left is in the window, but always enough to read", () => {
    const purse = new Purse(() => 10e6);
    const [seen, me] = [tenant(7e6, true), tenant(0, true)];
    purse.enter(seen);
    purse.enter(me);
    expect(purse.grant(5e6, me)).toBe(3e6);
    seen.pixels = 10e6;
    expect(purse.grant(5e6, me)).toBe(500_000);
    expect(seen.evicted).toBe(false);
  });

  test("a page outside the window takes nothing from others: all it wants, or nothing", () => {
    const purse = new Purse(() => 10e6);
    const [other, me] = [tenant(7e6, false), tenant(0, false)];
    purse.enter(other);
    purse.enter(me);
    expect(purse.grant(3e6, me)).toBe(3e6);
    expect(purse.grant(4e6, me)).toBe(0);
    expect(other.evicted).toBe(false);
    purse.leave(other);
    expect(purse.used).toBe(0);
  });
});
