import { describe, expect, it } from "vitest";

import { jumped, NO_TRAIL, stepAhead, stepBack } from "./trail.ts";

const at = (page: number, fraction = 0): { page: number; fraction: number } => ({ page, fraction });

describe("the way back from references", () => {
  it("leads back and ahead again", () => {
    const trail = jumped(jumped(NO_TRAIL, at(1)), at(12, 0.4));
    const back = stepBack(trail, at(30))!;
    expect(back.to).toEqual(at(12, 0.4));
    const further = stepBack(back.trail, at(12, 0.4))!;
    expect(further.to).toEqual(at(1));
    expect(stepBack(further.trail, at(1))).toBeNull();
    const ahead = stepAhead(further.trail, at(1))!;
    expect(ahead.to).toEqual(at(12, 0.4));
    expect(stepAhead(ahead.trail, ahead.to)?.to).toEqual(at(30));
  });

  it("gives up what lay ahead at a new jump", () => {
    const back = stepBack(jumped(NO_TRAIL, at(1)), at(9))!;
    expect(stepAhead(jumped(back.trail, at(1)), at(5))).toBeNull();
  });

  it("keeps one place when one jumps on from where one has just landed", () => {
    expect(jumped(jumped(NO_TRAIL, at(3, 0.2)), at(3, 0.21)).back).toHaveLength(1);
    expect(jumped(jumped(NO_TRAIL, at(3, 0.2)), at(3, 0.6)).back).toHaveLength(2);
  });

  it("forgets the oldest", () => {
    let trail = NO_TRAIL;
    for (let page = 1; page <= 80; page++) trail = jumped(trail, at(page));
    expect(trail.back).toHaveLength(50);
    expect(trail.back[0]).toEqual(at(31));
  });
});
