/** How streams ask for what they missed. */
import type { Operation, Page } from "@phien/wire";
import { describe, expect, test } from "vitest";

import { ApiError } from "../net/http.ts";
import type { From } from "../net/missed.ts";
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
  /** Long answers: what was asked, and the pages of the next ones; an error ends one. */
  readonly poured: { stream: string; from: From; gone: boolean }[] = [];
  pages: (Page | Error | Promise<Page>)[] = [];
  async* missed(stream: string, from: From): AsyncGenerator<Page, void, void> {
    const one = { stream, from, gone: false };
    this.poured.push(one);
    try {
      for (let next = this.pages.shift(); next; next = this.pages.shift()) {
        if (next instanceof Error) throw next;
        yield await next;
      }
    } finally {
      one.gone = true;
    }
  }
  watch(): () => void { return () => undefined; }
  hear(event: string, data: unknown): void { this.#hears.get(event)?.(data); }
}

function operations(from: number, to: number): Operation[] {
  return Array.from({ length: to - from + 1 }, (_, index) => ({
    seq: from + index, op_id: null, actor: null, at: "", event: { name: "documents.opened", put: [], gone: [] },
  }));
}

function page(stream: string, ops: Operation[], more: boolean, head = 50): Page {
  return { stream, mode: "delta", epoch: 1, head, ops, put: [], more, after: null };
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

  test("it tells that they are on their way until the last has come", async () => {
    const { streams, link } = following("s:1");
    expect(streams.telling).toBe(false);
    link.hear("stream.page", page("s:1", operations(1, 1), true));
    expect(streams.telling).toBe(true);
    link.asked[0]?.answer(page("s:1", operations(2, 2), false));
    await soon();
    expect(streams.telling).toBe(false);
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

describe("what is far behind comes in one answer", () => {
  const FAR = 500;
  const first = page("s:1", operations(1, 2), true, FAR);

  test("from where the first page ended, each page once and in order, among what is broadcast meanwhile", async () => {
    const { streams, link } = following("s:1");
    const seen: number[] = [];
    streams.onApplied = (_, { seq }) => { seen.push(seq); };
    const heard: Page[] = [];
    streams.ahead("s:1", (one) => { heard.push(one); });
    const second = page("s:1", operations(3, 4), true, FAR);
    link.pages = [second, page("s:1", operations(5, 6), false, FAR)];
    link.hear("stream.ops", { stream: "s:1", epoch: 1, ops: operations(6, 8) });
    link.hear("stream.page", first);
    await soon();
    expect(seen).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    expect(link.poured.map(({ from }) => from)).toEqual([{ last_seq: 2, after: null }]);
    expect(link.asked).toEqual([]);
    expect(heard).toEqual([first, second]);
    expect(streams.view("s:1").standing).toBe("live");
  });

  test("a state goes on after its last entity", async () => {
    const { streams, link } = following("s:1");
    const put = (id: string): Page["put"] => [{ kind: "note_group", id } as unknown as Page["put"][number]];
    const state = (id: string, more: boolean): Page => ({
      ...page("s:1", [], more, 9), mode: "snapshot", put: put(id), after: more ? ["note_group", id] : null,
    });
    link.pages = [state("b", true), state("c", false)];
    link.hear("stream.page", state("a", true));
    await soon();
    expect(link.poured[0]?.from).toEqual({ last_seq: 0, after: ["note_group", "a"] });
    expect([...streams.view("s:1").entities.keys()]).toEqual(["note_group/a", "note_group/b", "note_group/c"]);
    expect(streams.view("s:1").seq).toBe(9);
  });

  test("where it breaks off, the rest is asked for on the socket", async () => {
    const { streams, link } = following("s:1");
    link.pages = [page("s:1", operations(3, 4), true, FAR), new ApiError("network", "")];
    link.hear("stream.page", first);
    await soon();
    expect(link.asked.map(({ last_seq }) => last_seq)).toEqual([4]);
    link.asked[0]?.answer(page("s:1", operations(5, 5), false, FAR));
    await soon();
    expect([streams.view("s:1").seq, streams.view("s:1").standing]).toEqual([5, "live"]);
  });

  test("who may read no more loses what had come", async () => {
    const { streams, link } = following("s:1");
    link.pages = [page("s:1", operations(3, 4), true, FAR), new ApiError("denied", "")];
    link.hear("stream.page", first);
    await soon();
    expect([streams.view("s:1").seq, streams.view("s:1").standing]).toEqual([0, "denied"]);
  });

  test("a page that comes after access was withdrawn is not taken, nor the rest", async () => {
    const { streams, link } = following("s:1");
    let come: (page: Page) => void = () => undefined;
    link.pages = [new Promise<Page>((resolve) => { come = resolve; }), page("s:1", operations(5, 6), false, FAR)];
    link.hear("stream.page", first);
    await soon();
    link.hear("stream.left", { stream: "s:1", code: "denied" });
    come(page("s:1", operations(3, 4), true, FAR));
    await soon();
    expect([streams.view("s:1").seq, streams.view("s:1").standing]).toEqual([0, "denied"]);
    expect([link.poured[0]?.gone, link.pages.length]).toEqual([true, 1]);
  });
});
