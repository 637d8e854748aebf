import { describe, expect, it } from "vitest";

import { placeIn, rememberPlace } from "./place.ts";

function storage(): Storage {
  const kept = new Map<string, string>();
  return { getItem: (key: string) => kept.get(key) ?? null, setItem: (key: string, value: string) => kept.set(key, value) } as unknown as Storage;
}

describe("the place in a paper", () => {
  it("is the beginning until one has read", () => {
    expect(placeIn("p", storage())).toEqual({ page: 1, fraction: 0 });
  });

  it("is found again, paper by paper", () => {
    const kept = storage();
    rememberPlace("p", { page: 3, fraction: 0.4 }, kept);
    rememberPlace("q", { page: 7, fraction: 0.1 }, kept);
    expect(placeIn("p", kept)).toEqual({ page: 3, fraction: 0.4 });
  });

  it("forgets the paper that was not read for the longest", () => {
    const kept = storage();
    for (let n = 0; n < 300; n++) rememberPlace(`p${n}`, { page: 2, fraction: 0 }, kept);
    rememberPlace("p0", { page: 5, fraction: 0 }, kept);
    rememberPlace("new", { page: 2, fraction: 0 }, kept);
    expect(placeIn("p0", kept).page).toBe(5);
    expect(placeIn("p1", kept).page).toBe(1);
  });

  it("survives what it cannot read", () => {
    const kept = storage();
    kept.setItem("phien.places", "{broken");
    expect(placeIn("p", kept).page).toBe(1);
  });
});
