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
afterEach(() => { vi.unstubAllGlobals(); vi.useRealTimers(); asked.mockReset(); });

const unwanted = (): void => { throw new Error("nobody waits for it"); };

describe("the place in a version that came anew", () => {
  it("is on the same content", async () => {
    rememberPlace("p", { page: 2, fraction: 0.5, version: "v1" });
    expect(isElsewhere("p", VERSION)).toBe(true);
    asked.mockResolvedValue(CHANGES);
    await seat("p", VERSION, unwanted);
    expect(asked.mock.calls[0]?.[0]).toBe("/versions/v2/changes?since=v1");
    expect(placeIn("p")).toEqual({ page: 3, fraction: 0.5, version: "v2" });
    expect(isElsewhere("p", VERSION)).toBe(false);
  });
  it("is the page of the same number without network", async () => {
    rememberPlace("p", { page: 2, fraction: 0.5, version: "v1" });
    asked.mockRejectedValue(new Error("network"));
    await seat("p", VERSION, unwanted);
    expect(placeIn("p")).toEqual({ page: 2, fraction: 0.5, version: "v2" });
  });
  it("of a build that kept no version is left alone", async () => {
    rememberPlace("p", { page: 2, fraction: 0.5 });
    expect(isElsewhere("p", VERSION)).toBe(false);
    await seat("p", VERSION, unwanted);
    expect(asked).not.toHaveBeenCalled();
  });
});

describe("a comparison that is not there in time", () => {
  /** Seats the reader on page 2 of the new version, while the comparison is still under way; answers how to end it. */
  async function slow(onlate: (place: unknown) => void): Promise<(changes: Changes | Error) => Promise<void>> {
    vi.useFakeTimers();
    rememberPlace("p", { page: 2, fraction: 0.5, version: "v1" });
    let resolve: (changes: Changes) => void = () => undefined;
    let reject: (reason: Error) => void = () => undefined;
    asked.mockReturnValue(new Promise((...ends) => { [resolve, reject] = ends; }));
    const seated = seat("p", VERSION, onlate);
    await vi.advanceTimersByTimeAsync(2500);
    await seated;
    expect(placeIn("p")).toEqual({ page: 2, fraction: 0.5, version: "v2" });
    return async (came) => {
      if (came instanceof Error) reject(came);
      else resolve(came);
      await vi.advanceTimersByTimeAsync(0);
    };
  }

  it("brings a reader who has not moved to the same content when it comes", async () => {
    const onlate = vi.fn();
    await (await slow(onlate))(CHANGES);
    expect(onlate).toHaveBeenCalledExactlyOnceWith({ page: 3, fraction: 0.5, version: "v2" });
    expect(placeIn("p")).toEqual({ page: 3, fraction: 0.5, version: "v2" });
  });
  it.each([
    ["has moved", { page: 2, fraction: 0.6, version: "v2" }],
    ["has opened one that is newer still", { page: 2, fraction: 0.5, version: "v3" }],
  ])("leaves alone who %s", async (_, place) => {
    const come = await slow(unwanted);
    rememberPlace("p", place);
    await come(CHANGES);
    expect(placeIn("p")).toEqual(place);
  });
  it("leaves the place where it is if it never comes", async () => {
    await (await slow(unwanted))(new Error("network"));
    expect(placeIn("p")).toEqual({ page: 2, fraction: 0.5, version: "v2" });
  });
});
