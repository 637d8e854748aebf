import type { Changes, Version } from "@phien/wire";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { placeIn, rememberPlace } from "../documents/place.ts";
import { isElsewhere, seat } from "./seat.ts";

const VERSION = { id: "v2", no: 2 } as Version;
const asked = vi.hoisted(() => vi.fn<(path: string) => Promise<unknown>>());
vi.mock("@phien/kit/net", () => ({ get: asked }));

/** A page in front. */
const CHANGES: Changes = { old: "v1", new: "v2", pages: [{ old: null, same: false }, { old: 1, same: true }, { old: 2, same: true }], removed: [] };

beforeEach(() => {
  const kept = new Map<string, string>();
  vi.stubGlobal("localStorage", { getItem: (key: string) => kept.get(key) ?? null, setItem: (key: string, value: string) => { kept.set(key, value); } });
});
afterEach(() => { vi.unstubAllGlobals(); asked.mockReset(); });

describe("the place in a version that came anew", () => {
  it("is on the same content", async () => {
    rememberPlace("p", { page: 2, fraction: 0.5, version: "v1" });
    expect(isElsewhere("p", VERSION)).toBe(true);
    asked.mockResolvedValue(CHANGES);
    await seat("p", VERSION);
    expect(asked.mock.calls[0]?.[0]).toBe("/versions/v2/changes?since=v1");
    expect(placeIn("p")).toEqual({ page: 3, fraction: 0.5, version: "v2" });
    expect(isElsewhere("p", VERSION)).toBe(false);
  });
  it("is the page of the same number without network", async () => {
    rememberPlace("p", { page: 2, fraction: 0.5, version: "v1" });
    asked.mockRejectedValue(new Error("network"));
    await seat("p", VERSION);
    expect(placeIn("p")).toEqual({ page: 2, fraction: 0.5, version: "v2" });
  });
  it("of a build that kept no version is left alone", async () => {
    rememberPlace("p", { page: 2, fraction: 0.5 });
    expect(isElsewhere("p", VERSION)).toBe(false);
    await seat("p", VERSION);
    expect(asked).not.toHaveBeenCalled();
  });
});
