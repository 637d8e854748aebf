import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { Presenter, type Showing } from "./presenter.ts";

const AT = { item_id: "i", version_id: "v" };

describe("a presenter's tablet", () => {
  let kept: Showing[];
  let lost: Showing[];
  let presenter: Presenter;

  beforeEach(() => {
    vi.useFakeTimers();
    kept = [];
    lost = [];
    presenter = new Presenter((one) => kept.push(one), (one) => lost.push(one), () => Date.now());
  });
  afterEach(() => { presenter.stop(); vi.useRealTimers(); });

  it("sends a new page for good at once", () => {
    presenter.moved({ ...AT, page: 1, fraction: 0.3 });
    presenter.moved({ ...AT, page: 2, fraction: 0 });
    expect(kept.map((one) => one.page)).toEqual([1, 2]);
    expect(lost).toEqual([]);
  });

  it("sends the way within a page at most ten times a second, and its end", () => {
    presenter.moved({ ...AT, page: 1, fraction: 0 });
    for (let step = 1; step <= 50; step++) {
      presenter.moved({ ...AT, page: 1, fraction: step / 100 });
      vi.advanceTimersByTime(10);
    }
    vi.advanceTimersByTime(200);
    expect(lost.length).toBeLessThanOrEqual(7);
    expect(lost.at(-1)?.fraction).toBe(0.5);
  });

  it("keeps where the reader came to rest", () => {
    presenter.moved({ ...AT, page: 1, fraction: 0 });
    presenter.moved({ ...AT, page: 1, fraction: 1.4 });
    vi.advanceTimersByTime(1000);
    expect(kept.map((one) => one.fraction)).toEqual([0, 1]);
  });
});
