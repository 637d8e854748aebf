import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { Queue } from "./queue.ts";

interface One { readonly version: string }
const one = (version: string): One => ({ version });

/** A place to fetch from: what is `broken` fails, what is done is needed no more. */
function far(): { done: string[]; tried: string[]; broken: Set<string>; queue: Queue<One> } {
  const made = { done: [] as string[], tried: [] as string[], broken: new Set<string>() };
  const queue = new Queue<One>((held) => !made.done.includes(held.version), async (held) => {
    made.tried.push(held.version);
    await Promise.resolve();
    if (made.broken.has(held.version)) throw new Error("away");
    made.done.push(held.version);
    return true;
  });
  return { ...made, queue };
}

beforeEach(() => { vi.useFakeTimers(); });
afterEach(() => { vi.useRealTimers(); });
const settle = (): Promise<unknown> => vi.advanceTimersByTimeAsync(0);

describe("what is fetched in the background", () => {
  it("goes on with the others where one fails, and tries that one again by itself, ever more rarely", async () => {
    const { queue, broken, done, tried } = far();
    broken.add("a");
    queue.want([one("a"), one("b"), one("c")]);
    await settle();
    expect(done).toEqual(["b", "c"]);
    expect(queue.failed("a")).toBe(true);
    await vi.advanceTimersByTimeAsync(20_000);
    const early = tried.filter((version) => version === "a").length;
    await vi.advanceTimersByTimeAsync(20_000);
    const late = tried.filter((version) => version === "a").length - early;
    expect(early).toBeGreaterThan(1);
    expect(late).toBeLessThan(early);
    broken.clear();
    await vi.advanceTimersByTimeAsync(120_000);
    expect(done).toEqual(["b", "c", "a"]);
    expect(queue.failed("a")).toBe(false);
  });

  it("does not begin to hammer because it is wanted anew, and tries at once when the network is back", async () => {
    const { queue, broken, done, tried } = far();
    broken.add("a");
    queue.want([one("a")]);
    await settle();
    for (let times = 0; times < 5; times++) queue.want([one("a")]);
    await settle();
    expect(tried).toEqual(["a"]);
    broken.clear();
    queue.network = false;
    await vi.advanceTimersByTimeAsync(600_000);
    expect(tried).toEqual(["a"]);
    queue.network = true;
    await settle();
    expect(done).toEqual(["a"]);
  });

  it("lets what is being read go first, also before one that is on its way", async () => {
    const tried: string[] = [];
    const done = new Set<string>();
    const parts = new Map<string, number>();
    const queue: Queue<One> = new Queue<One>((held) => !done.has(held.version), async ({ version }) => {
      tried.push(version);
      for (let part = parts.get(version) ?? 0; part < 3; part++) {
        if (queue.yields(version)) return false;
        await Promise.resolve();
        parts.set(version, part + 1);
        if (version === "a" && part === 0) queue.first("c");
      }
      done.add(version);
      return true;
    });
    queue.want([one("a"), one("b"), one("c")]);
    await settle();
    expect(tried).toEqual(["a", "c", "a", "b"]);
    expect(done.size).toBe(3);
  });

  it("stops when it is closed, and leaves alone what is dropped", async () => {
    const { queue, broken, done, tried } = far();
    broken.add("a");
    queue.want([one("a"), one("b")]);
    queue.drop(["b"]);
    await settle();
    expect(done).toEqual([]);
    queue.close();
    await vi.advanceTimersByTimeAsync(600_000);
    expect(tried).toEqual(["a"]);
  });
});
