import type { DeviceHolds } from "@phien/wire";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { nextNumber, Receipts } from "./receipts.ts";

/** A device and a server that holds some versions to be recalled. */
function made(lying: string[], recalled: string[] = []): {
  lying: string[]; recalled: string[]; down: boolean; stuck: boolean; told: DeviceHolds[]; start: () => Receipts;
} {
  let number = 0;
  const world = {
    lying, recalled, down: false, stuck: false, told: [] as DeviceHolds[],
    start: (): Receipts => new Receipts({
      lying: () => Promise.resolve({ whole: [...world.lying], part: [] }),
      tell: (holds) => {
        if (world.down) return Promise.reject(new Error("away"));
        world.told.push(holds);
        return Promise.resolve({ purge: holds.whole?.filter((version) => world.recalled.includes(version)) ?? [] });
      },
      purge: (versions) => {
        if (world.stuck) return new Promise<void>(() => undefined); // switched off in the middle
        world.lying = world.lying.filter((version) => !versions.includes(version));
        return Promise.resolve();
      },
      number: () => ++number,
    }),
  };
  return world;
}

beforeEach(() => { vi.useFakeTimers(); });
afterEach(() => { vi.useRealTimers(); });
const pass = (ms: number): Promise<unknown> => vi.advanceTimersByTimeAsync(ms);

describe("receipts of a device", () => {
  it("tells what lies here at each connect, and after a change once for all that happened together", async () => {
    const world = made(["a"]);
    const receipts = world.start();
    receipts.changed();
    await pass(5_000);
    expect(world.told).toEqual([]); // no network yet
    receipts.network = true;
    await pass(10);
    expect(world.told.map((each) => each.whole)).toEqual([["a"]]);
    world.lying.push("b");
    receipts.changed();
    world.lying.push("c");
    receipts.changed();
    await pass(5_000);
    expect(world.told.map((each) => each.whole)).toEqual([["a"], ["a", "b", "c"]]);
    receipts.changed(); // nothing new
    await pass(60_000);
    expect(world.told).toHaveLength(2);
    receipts.network = false;
    receipts.network = true;
    await pass(10);
    expect(world.told).toHaveLength(3);
  });

  it("purges what the server says and confirms by itself", async () => {
    const world = made(["a", "b"], ["b"]);
    world.start().network = true;
    await pass(5_000);
    expect(world.lying).toEqual(["a"]);
    expect(world.told.map((each) => each.whole)).toEqual([["a", "b"], ["a"]]);
    expect(world.told.map((each) => each.number)).toEqual([1, 2]);
  });

  it("finishes at the next start what was cut in the middle of a purge", async () => {
    const world = made(["a", "b"], ["b"]);
    world.stuck = true;
    world.start().network = true;
    await pass(5_000);
    expect(world.lying).toEqual(["a", "b"]);
    world.stuck = false;
    world.start().network = true;
    await pass(5_000);
    expect(world.lying).toEqual(["a"]);
    expect(world.told.at(-1)?.whole).toEqual(["a"]);
  });

  it("tells again until the server has heard it", async () => {
    const world = made(["a"]);
    world.down = true;
    const receipts = world.start();
    receipts.network = true;
    await pass(20_000);
    world.down = false;
    await pass(20_000);
    expect(world.told.map((each) => each.whole)).toEqual([["a"]]);
    receipts.close();
    world.lying.push("b");
    receipts.changed();
    await pass(60_000);
    expect(world.told).toHaveLength(1);
  });

  it("numbers rise where the clock is turned back", () => {
    vi.setSystemTime(2_000_000);
    const kept = new Map<string, string>();
    vi.stubGlobal("localStorage", { getItem: (key: string) => kept.get(key) ?? null, setItem: (key: string, value: string) => kept.set(key, value) });
    const first = nextNumber();
    vi.setSystemTime(1_000_000);
    expect(nextNumber()).toBeGreaterThan(first);
    vi.unstubAllGlobals();
  });
});
