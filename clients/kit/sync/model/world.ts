/** Three devices of two people at one server, driven by a script; what must hold while it runs and when it has ended. */
import { expect, vi } from "vitest";

import { Device } from "./device.ts";
import { CHAIR, Server, type ServerFault, VERSION } from "./server.ts";

/** Each verb as often as it is to be drawn. */
export const VERBS = [
  "draw", "draw", "draw", "rewrite", "rewrite", "sweep", "place", "remove", "undo", "redo",
  "serve", "serve", "serve", "serve", "answer", "answer", "answer", "next", "next",
  "deliver", "deliver", "deliver", "again", "drop", "cut", "up", "up", "restart", "keep", "wait", "heads",
  "carry", "forget", "admit", "withdraw", "crash", "pry",
] as const;
export type Step = readonly [verb: (typeof VERBS)[number], device: number, pick: number];

const PEOPLE = ["an", CHAIR] as const;
const GROUP = `g:${VERSION}:nhóm`;
const HEAL_ROUNDS = 60;

/** Lets promises run on; the timers stand still. */
export async function breathe(): Promise<void> {
  for (let turn = 0; turn < 24; turn++) await Promise.resolve();
}

export class World {
  readonly server: Server;
  readonly devices: Device[];
  #ids = 0;
  readonly #newId = (): string => `id-${String(++this.#ids).padStart(5, "0")}`;

  constructor(fault: ServerFault | null = null, make: (world: World, name: string, person: string) => Device = device) {
    this.server = new Server(fault);
    this.server.open(`s:${VERSION}`, PEOPLE);
    this.server.open(GROUP, PEOPLE);
    for (const person of PEOPLE) this.server.open(`p:${VERSION}:${person}`, [person]);
    this.devices = [make(this, "an 1", "an"), make(this, "an 2", "an"), make(this, "binh 1", CHAIR)];
  }

  device(name: string, person: string): Device {
    return new Device(name, person, this.server, this.#newId);
  }

  /** Begins with a few notes that all have, about which devices then disagree. */
  async run(script: readonly Step[]): Promise<void> {
    for (const one of this.devices) for (const stream of one.layers) one.draw(stream, 3);
    await this.heal();
    for (const [verb, who, pick] of script) {
      const one = this.devices[who % this.devices.length];
      if (one) this.#step(verb, one, pick);
      await breathe();
      for (const each of this.devices) check(each);
    }
    await this.heal();
  }

  /** The network works again: all that waits goes through, in order. */
  async heal(): Promise<void> {
    for (let round = 0; round < HEAL_ROUNDS; round++) {
      for (const { wire } of this.devices) {
        wire.up();
        await breathe();
        for (let turn = 0; turn < 200 && !wire.quiet; turn++) {
          wire.serve(0);
          await breathe();
          this.server.write();
          wire.answer(0);
          wire.next();
          wire.deliver(0);
          await breathe();
        }
        wire.hear("stream.heads", this.server.heads(wire));
      }
      vi.advanceTimersByTime(20_000);
      await breathe();
      if (round > 2 && this.devices.every(({ wire, outbox }) => wire.quiet && outbox.waiting === 0)) return;
    }
  }

  #step(verb: Step[0], device: Device, pick: number): void {
    const { wire, layers } = device;
    const stream = layers[pick % layers.length] ?? "";
    const more = Math.floor(pick / layers.length);
    switch (verb) {
      case "draw": case "rewrite": case "sweep": case "place": case "remove":
        if (device.streams.view(stream).standing !== "denied") device[verb](stream, more);
        break;
      case "undo": case "redo": case "restart": case "keep": device[verb](); break;
      case "serve": case "answer": case "deliver": case "drop": wire[verb](pick); break;
      case "next": case "cut": case "up": wire[verb](); break;
      case "again": wire.deliver(pick, true); break;
      case "wait": vi.advanceTimersByTime(100 + 200 * pick); break;
      case "heads": wire.hear("stream.heads", this.server.heads(wire)); break;
      case "carry": this.#carry(device.person, stream, more); break;
      case "forget": this.server.forget(stream); break;
      case "admit": case "withdraw": this.server.admit(CHAIR, GROUP, verb === "admit", this.devices.map((one) => one.wire)); break;
      case "crash": this.server.crash(); break;
      case "pry": device.streams.follow(`p:${VERSION}:${PEOPLE.find((each) => each !== device.person) ?? ""}`, () => undefined); break;
    }
  }

  #carry(owner: string, stream: string, pick: number): void {
    const body = { type: "note", x: 0, y: 0, text: "đã ghi ở bản trước", fork_of: null } as const;
    if (this.server.mayRead(owner, stream)) this.server.carry(owner, stream, `carried-${this.#newId()}`, pick % 2 ? body : { type: "ink", color: "#000000", w: 1, pts: [1, 1, 1], marker: true });
  }
}

function device(world: World, name: string, person: string): Device {
  return world.device(name, person);
}

/** What holds at any moment. */
function check(device: Device): void {
  for (const [stream, seqs] of device.applied) {
    expect(seqs, `${device.name}: ${stream} in order, each once`).toEqual([...new Set(seqs)].sort((a, b) => a - b));
  }
  const foreign = device.wire.received.filter(({ stream }) => stream.startsWith("p:") && stream !== device.layers[1]);
  expect(foreign, `${device.name}: nothing of another's private notes`).toEqual([]);
  for (const [id, stream] of device.mine) if (device.streams.view(stream).standing === "denied") device.mine.delete(id); // purged
  for (const [id, stream] of device.mine) expect(stands(device, stream, id), `${device.name}: ${id} did not blink`).toBe(true);
}

/** Whether a stroke is where it was drawn; or somebody else took it away, or it was refused. */
function stands(device: Device, stream: string, id: string): boolean {
  const { server, outbox } = device;
  if (server.kept(stream).rows.get(id)?.deleted) return true;
  return outbox.rejected.some(({ op }) => op.ann_id === id) || device.shown(stream).some((mark) => mark.id === id);
}

/** What holds once everything has come through. Who asks only now is told the same as who was there all along. */
export function settled({ server, devices }: World): void {
  for (const device of devices) {
    expect(device.outbox.waiting, `${device.name}: nothing waits`).toBe(0);
    for (const stream of device.layers) {
      const allowed = server.mayRead(device.person, stream);
      const state = allowed ? server.state(stream).map((each) => ({ ...each, pending: false })) : [];
      expect(device.shown(stream), `${device.name}: ${stream} is what the server holds`).toEqual(state);
      expect(device.streams.view(stream).standing).toBe(allowed ? "live" : "denied");
    }
  }
  for (const { log } of server.streams.values()) expect(log.map(({ seq }) => seq)).toEqual(log.map((_, index) => index + 1));
  const done = [...server.streams.values()].flatMap(({ log }) => log).flatMap(({ actor, op_id }) => (op_id ? [`${String(actor)}/${op_id}`] : []));
  expect(new Set(done).size, "an operation is in the log once").toBe(done.length);
  wordsAreKept(server, devices);
}

/** Every text that was typed was written down by the server, or lies on the device with the reason of its refusal. */
function wordsAreKept(server: Server, devices: readonly Device[]): void {
  const written = new Set([...server.streams.values()].flatMap(({ log }) => log).flatMap(({ event }) => event.put as readonly object[]).map(textOf));
  for (const { name, typed, outbox } of devices) {
    const refused = new Set(outbox.rejected.map(({ op }) => textOf(op)));
    expect([...typed].filter((text) => !written.has(text) && !refused.has(text)), `${name}: words are kept`).toEqual([]);
  }
}

function textOf(of: object): string {
  const { body } = of as { body?: { text?: string } };
  return body?.text ?? "";
}
