/** The reducer against traces of the server's model, and against any order in which operations may come. */
import type { Operation, Page } from "@phien/wire";
import fc from "fast-check";
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";

import { StreamLog } from "./log.ts";

interface Trace {
  came: ({ page: Page } | { ops: Operation[] })[];
  shows: Record<string, unknown>;
  seq: number;
}

const traces = JSON.parse(readFileSync(new URL("./traces.json", import.meta.url), "utf8")) as Trace[];

function replay(log: StreamLog, trace: Trace): void {
  for (const item of trace.came) {
    if ("page" in item) {
      log.join();
      expect(log.page(item.page)).toBeNull();
    } else {
      log.operations(item.ops);
    }
  }
}

describe("traces of the model", () => {
  test.each(traces.map((trace, index) => [index, trace] as const))("trace %i shows what the server holds", (_index, trace) => {
    const log = new StreamLog();
    replay(log, trace);
    expect(Object.fromEntries(log.entities)).toEqual(trace.shows);
    expect(log.seq).toBe(trace.seq);
  });

  test("the traces hold broadcasts that come early, late and twice", () => {
    const broadcasts = traces.flatMap((trace) => trace.came).filter((item) => "ops" in item);
    expect(broadcasts.length).toBeGreaterThan(100);
  });
});

function operation(seq: number): Operation {
  const put = [{ kind: "opened" as const, id: String(seq % 7), at: String(seq) }];
  return { seq, op_id: null, actor: null, at: "", event: { name: "documents.opened", put, gone: [] } };
}

function page(over: Partial<Page>): Page {
  return { stream: "t", mode: "delta", epoch: 1, head: 0, ops: [], put: [], more: false, after: null, ...over };
}

describe("what to ask after a page", () => {
  test("is known before it is applied", () => {
    fc.assert(fc.property(fc.nat(20), fc.nat(20), fc.nat(10), fc.boolean(), (here, from, count, more) => {
      const log = new StreamLog();
      log.seed({ seq: here, epoch: 1, entities: [] });
      log.join();
      const coming = page({ ops: Array.from({ length: count }, (_, index) => operation(from + index)), more });
      const next = log.next(coming);
      expect(log.page(coming)).toEqual(next);
      expect(next).toEqual(more ? { last_seq: log.seq, after: null } : null);
    }));
  });

  test("of a snapshot is what follows its last entity", () => {
    expect(new StreamLog().next(page({ mode: "snapshot", more: true, after: ["item", "a"] }))).toEqual({ last_seq: 0, after: ["item", "a"] });
  });
});

describe("a live stream", () => {
  test("applies each operation once and in order, however they come", () => {
    fc.assert(fc.property(fc.array(fc.integer({ min: 1, max: 30 }), { maxLength: 90 }), (arrivals) => {
      const order: number[] = [];
      const log = new StreamLog((one) => order.push(one.seq));
      log.page(page({}));
      for (const seq of arrivals) log.operations([operation(seq)]);
      for (let seq = 1; seq <= 30; seq++) log.operations([operation(seq)]);
      expect(order).toEqual(Array.from({ length: 30 }, (_, index) => index + 1));
      expect(log.gap).toBe(false);
    }));
  });

  test("keeps what is broadcast while a snapshot comes in pages", () => {
    const log = new StreamLog();
    expect(log.join()).toEqual({ last_seq: 0, after: null });
    const entity = (id: string) => ({ kind: "opened" as const, id, at: "old" });
    expect(log.page(page({ mode: "snapshot", head: 5, put: [entity("0")], more: true, after: ["opened", "0"] })))
      .toEqual({ last_seq: 0, after: ["opened", "0"] });
    log.operations([operation(6), operation(7)]);
    expect(log.page(page({ mode: "snapshot", head: 7, put: [entity("6")] }))).toBeNull();
    expect(log.seq).toBe(7);
    expect([...log.entities.values()].map((one) => one.id).sort()).toEqual(["0", "6"]);
    expect(log.entities.get("opened/6")).toMatchObject({ at: "6" });
  });

  test("a purge leaves nothing", () => {
    const log = new StreamLog();
    log.page(page({ head: 1, ops: [operation(1)] }));
    log.purge();
    expect([log.entities.size, log.seq, log.live]).toEqual([0, 0, false]);
    log.operations([operation(2)]);
    expect(log.entities.size).toBe(0);
  });
});
