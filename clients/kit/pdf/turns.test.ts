import { describe, expect, it } from "vitest";

import { type Rank, Turns } from "./turns.ts";

const settle = (): Promise<void> => new Promise((resolve) => { setTimeout(resolve); });

function stage(): { served: string[]; ask: (name: string, rank: Rank | (() => Rank), signal?: AbortSignal) => Promise<() => void>; turns: Turns } {
  const turns = new Turns();
  const served: string[] = [];
  const ask = async (name: string, rank: Rank | (() => Rank), signal = new AbortController().signal): Promise<() => void> => {
    const end = await turns.take(typeof rank === "number" ? () => rank : rank, signal);
    served.push(name);
    return end;
  };
  return { served, ask, turns };
}

describe("turns", () => {
  it("serve what is in the window at once and the rest one by one, the lowest rank first", async () => {
    const { served, ask } = stage();
    const ends = { a: await ask("a", 0), b: await ask("b", 0) };
    const later = [ask("far text", 3), ask("far", 2), ask("text", 1)];
    await settle();
    expect(served).toEqual(["a", "b"]);
    ends.a();
    await settle();
    expect(served).toEqual(["a", "b"]);
    ends.b();
    for (const name of ["text", "far", "far text"]) {
      await settle();
      expect(served.at(-1)).toBe(name);
      (await (name === "text" ? later[2] : name === "far" ? later[1] : later[0]))?.();
    }
  });

  it("let who comes into the window pass those who wait", async () => {
    const { served, ask, turns } = stage();
    await ask("first", 2);
    let rank: Rank = 3;
    void ask("second", 2);
    void ask("scrolled to", () => rank);
    await settle();
    expect(served).toEqual(["first"]);
    rank = 0;
    turns.look();
    await settle();
    expect(served).toEqual(["first", "scrolled to"]);
  });

  it("go on when who is served gives up without a word", async () => {
    const { served, ask } = stage();
    const gone = new AbortController();
    await ask("hangs", 2, gone.signal);
    void ask("next", 3);
    await settle();
    expect(served).toEqual(["hangs"]);
    gone.abort();
    await settle();
    expect(served).toEqual(["hangs", "next"]);
  });

  it("forget who gave up, and end once", async () => {
    const { served, ask } = stage();
    const end = await ask("first", 2);
    const gone = new AbortController();
    const waiting = ask("gone", 2, gone.signal);
    void ask("next", 2);
    void ask("last", 2);
    gone.abort();
    await expect(waiting).rejects.toThrow();
    end();
    end();
    await settle();
    expect(served).toEqual(["first", "next"]);
  });
});
