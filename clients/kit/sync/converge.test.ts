/** Devices converge and lose nothing, whatever the network does: the real client against a model of the server. */
import type { Annotation, AnyEntity, Operation } from "@phien/wire";
import fc from "fast-check";
import { readFileSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";

import { StreamLog } from "./log.ts";
import { Device } from "./model/device.ts";
import { decide, type Standing } from "./model/rules.ts";
import type { ServerFault } from "./model/server.ts";
import { breathe, settled, type Step, VERBS, World } from "./model/world.ts";
import type { Op } from "./outbox.ts";
import { Outbox } from "./sender.ts";

/** More of them by hand: `RUNS=5000`. */
const RUNS = Number(process.env.RUNS ?? 60);
const PATIENCE_MS = 240_000;
const steps = fc.array(fc.tuple(fc.constantFrom(...VERBS), fc.nat(2), fc.nat(29)), { maxLength: 120, size: "max" });

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  vi.spyOn(Math, "random").mockReturnValue(0.5); // a script that failed fails again
  vi.stubGlobal("navigator", {}); // the devices of the model do not share this process's locks
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

async function run(world: World, script: readonly Step[]): Promise<void> {
  await world.run(script);
  const late = world.device("an 3", "an");
  world.devices.push(late);
  await world.heal();
  settled(world);
}

describe("three devices over a network that cuts, delays, repeats and shuffles", () => {
  test("show what the server holds, and no word is lost", async () => {
    await fc.assert(fc.asyncProperty(steps, (script) => run(new World(), script)), { numRuns: RUNS });
  }, PATIENCE_MS);

  test("on a quiet device, taking back everything gives what was before, and doing it again what was after", async () => {
    await fc.assert(fc.asyncProperty(steps, fc.array(fc.tuple(fc.constantFrom("draw", "rewrite", "sweep"), fc.nat(2), fc.nat(29)), { maxLength: 12 }), takesBack), { numRuns: 30 });
  }, PATIENCE_MS);
});

/** Some history first; then steps of one device whose messages still come when they please. */
async function takesBack(script: readonly Step[], acts: readonly (readonly ["draw" | "rewrite" | "sweep", number, number])[]): Promise<void> {
  const world = new World();
  await world.run(script.filter(([verb]) => verb !== "withdraw"));
  const device = world.devices[0];
  if (!device) throw new Error("no device");
  const seen = (): unknown => device.layers.map((stream) => device.shown(stream).map(({ page, body }) => JSON.stringify([page, body])).sort());
  const before = seen();
  const begun = device.steps;
  for (const [act, layer, pick] of acts) {
    device[act](device.layers[layer] ?? "", pick);
    await flow(device, pick);
  }
  const done = device.steps - begun;
  const after = seen();
  for (let turn = 0; turn < done; turn++) { device.undo(); await flow(device, turn); }
  expect(seen()).toEqual(before);
  for (let turn = 0; turn < done; turn++) { device.redo(); await flow(device, turn); }
  expect(seen()).toEqual(after);
  await world.heal();
  settled(world);
  expect(seen()).toEqual(after);
}

async function flow({ wire }: Device, pick: number): Promise<void> {
  await breathe();
  wire.serve(pick);
  if (pick % 2) wire.answer(pick);
  if (pick % 3) wire.deliver(pick);
  await breathe();
}

describe("the rules of the model", () => {
  type Body = Annotation["body"];
  type Case = [string | null, number, number, [string, boolean, boolean] | null, string, boolean, string];
  const cases = JSON.parse(readFileSync(new URL("./decisions.json", import.meta.url), "utf8")) as Case[];

  test("are those of the server", () => {
    expect(cases.length).toBeGreaterThan(500);
    for (const [type, base_rev, page, before, actor, moderator, st] of cases) {
      const ids = { op_id: "o", ann_id: "a" };
      const op: Op = type === null ? { kind: "del", ...ids } : { kind: "put", ...ids, base_rev, page, body: { type } as Body };
      const standing: Standing | undefined = before ? { owner_id: "an", type: before[0], page: 1, rev: 2, deleted: before[1], waiting: before[2] } : undefined;
      expect(decide(op, standing, actor, moderator), JSON.stringify([op, standing, actor, moderator])).toBe(st);
    }
  });
});

/** The test of the tests: with one mistake switched on, some script must fail. */
describe("each mistake is found", () => {
  async function found(make: () => World): Promise<void> {
    const result = await fc.check(fc.asyncProperty(steps, (script) => run(make(), script)), { numRuns: 400, seed: 7, endOnFailure: true });
    expect(result.failed).toBe(true);
  }

  const faults: ServerFault[] = ["no receipts", "page before room", "answer before commit", "private by name", "resume one late"];
  test.each(faults)("of the server: %s", async (fault) => { await found(() => new World(fault)); }, PATIENCE_MS);

  test("of the client: what comes early is applied at once", async () => {
    applies((_log, operation) => operation);
    await found(() => new World());
  }, PATIENCE_MS);

  test("of the client: what comes is numbered as it comes", async () => {
    applies((log, operation) => ({ ...operation, seq: log.seq + 1 }));
    await found(() => new World());
  }, PATIENCE_MS);

  test("of the client: words that met a conflict are dropped", async () => {
    const add = Outbox.prototype.add; // eslint-disable-line @typescript-eslint/unbound-method -- called on its own below
    vi.spyOn(Outbox.prototype, "add").mockImplementation(function (this: Outbox, stream, ops) {
      const forks = ops.some((op) => op.kind === "put" && "fork_of" in op.body && op.body.fork_of !== null && op.base_rev === 0);
      return forks ? Promise.resolve() : add.call(this, stream, ops);
    });
    await found(() => new World());
  }, PATIENCE_MS);

  test("of the client: what was answered is no longer shown before its echo", async () => {
    vi.spyOn(Outbox.prototype, "over").mockImplementation(() => []);
    await found(() => new World());
  }, PATIENCE_MS);

  /** The stream takes every operation at once, under the number that `as` gives. */
  function applies(as: (log: StreamLog, operation: Operation) => Operation): void {
    vi.spyOn(StreamLog.prototype, "operations").mockImplementation(function (this: StreamLog, operations) {
      for (const operation of operations) {
        const { seq, event } = as(this, operation);
        for (const entity of event.put as readonly AnyEntity[]) this.entities.set(`${entity.kind}/${entity.id}`, entity);
        for (const ref of event.gone) this.entities.delete(`${ref.kind}/${ref.id}`);
        this.seq = Math.max(this.seq, seq);
      }
      return true;
    });
  }
});
