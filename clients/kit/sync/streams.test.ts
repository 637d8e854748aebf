/** How streams ask for what they missed. */
import type { Operation, Page } from "@phien/wire";
import { describe, expect, test } from "vitest";

import type { Connection } from "../net/socket.ts";
import { Streams } from "./streams.ts";

interface Asked {
  readonly stream: string;
  readonly last_seq: number;
  readonly answer: (page: Page) => void;
}

/** A link that answers when it is told to. */
class Link {
  readonly standing = "online" as const;
  readonly asked: Asked[] = [];
  readonly #hears = new Map<string, (data: unknown) => void>();

  ask(name: string, command: { stream: string; last_seq: number }): Promise<Page> {
    if (name !== "stream.join") return new Promise(() => undefined);
    return new Promise((answer) => { this.asked.push({ ...command, answer }); });
  }
  on(event: string, hear: (data: unknown) => void): () => void {
    this.#hears.set(event, hear);
    return () => undefined;
  }
  watch(): () => void { return () => undefined; }
  hear(event: string, data: unknown): void { this.#hears.get(event)?.(data); }
}

function operations(from: number, to: number): Operation[] {
  return Array.from({ length: to - from + 1 }, (_, index) => ({
    seq: from + index, op_id: null, actor: null, at: "", event: { name: "documents.opened", put: [], gone: [] },
  }));
}

function page(stream: string, ops: Operation[], more: boolean): Page {
  return { stream, mode: "delta", epoch: 1, head: 100, ops, put: [], more, after: null };
}

/** Streams that the handshake answers, and nothing asked yet. */
function following(...ids: string[]): { streams: Streams; link: Link; stops: (() => void)[] } {
  const streams = new Streams();
  const stops = ids.map((id) => streams.follow(id, () => undefined));
  streams.known();
  const link = new Link();
  streams.attach(link as unknown as Connection);
  return { streams, link, stops };
}

const soon = (): Promise<void> => new Promise((resolve) => { setTimeout(resolve); });

describe("what was missed comes in pages", () => {
  test("the next one is asked for before the last is applied, and heralds hear of it", async () => {
    const { streams, link } = following("s:1");
    const seen: number[] = [];
    streams.onApplied = () => { seen.push(link.asked.length); };
    const heard: Page[] = [];
    streams.ahead("s:1", (one) => { heard.push(one); });
    const first = page("s:1", operations(1, 2), true);
    link.hear("stream.page", first);
    expect(seen).toEqual([1, 1]);
    expect(link.asked[0]?.last_seq).toBe(2);
    const last = page("s:1", operations(3, 3), false);
    link.asked[0]?.answer(last);
    await soon();
    expect([streams.view("s:1").seq, streams.view("s:1").standing]).toEqual([3, "live"]);
    expect(heard).toEqual([first]); // after the last one the view itself tells
  });

  test("of all streams no more are under way than the server holds for one link", async () => {
    const { streams, link } = following("s:1", "s:2", "s:3", "s:4");
    for (const id of ["s:1", "s:2", "s:3", "s:4"]) link.hear("stream.page", page(id, [], true));
    expect(link.asked.map(({ stream }) => stream)).toEqual(["s:1", "s:2"]);
    link.asked[0]?.answer(page("s:1", operations(1, 1), false));
    await soon();
    expect(link.asked.map(({ stream }) => stream)).toEqual(["s:1", "s:2", "s:3"]);
    for (let at = 1; at < 4; at += 1) {
      link.asked[at]?.answer(page(`s:${String(at + 1)}`, operations(1, 1), false));
      await soon();
    }
    expect(["s:1", "s:2", "s:3", "s:4"].map((id) => streams.view(id).standing)).toEqual(["live", "live", "live", "live"]);
  });

  test("what is no longer followed when its turn comes is not asked for", async () => {
    const { link, stops } = following("s:1", "s:2", "s:3");
    for (const id of ["s:1", "s:2", "s:3"]) link.hear("stream.page", page(id, [], true));
    stops[2]?.();
    link.asked[0]?.answer(page("s:1", [], false));
    await soon();
    expect(link.asked.map(({ stream }) => stream)).toEqual(["s:1", "s:2"]);
  });
});
