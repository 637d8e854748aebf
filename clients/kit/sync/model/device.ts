/** A device of the model: the real streams, outbox and undo over a wire that cannot be trusted. */
import type { Annotation, Operation } from "@phien/wire";

import { type Change, UndoStack } from "../../ink/undo.ts";
import { rebase, type Shown } from "../annotations.ts";
import { type Op, OutboxStore, type Waiting } from "../outbox.ts";
import { Outbox } from "../sender.ts";
import { type Seed, Streams } from "../streams.ts";
import { type Server, VERSION } from "./server.ts";
import { Wire } from "./wire.ts";

type Body = Annotation["body"];

/** More than a page and less than two: what is missed comes by either way. */
const FAR = 6;

interface Drawn {
  readonly id: string;
  readonly page: number;
  readonly stream: string;
  readonly body: Body;
}

/** A disk that works at once; rows are copies, as on a real one. */
class Disk extends OutboxStore {
  #rows: Waiting[] = [];
  #next = 1;

  override all(person: string): Promise<Waiting[]> {
    return Promise.resolve(structuredClone(this.#rows.filter((row) => row.person === person)));
  }

  override add(person: string, stream: string, ops: readonly Op[]): Promise<Waiting[]> {
    const rows = ops.map((op) => ({ n: this.#next++, person, stream, op, rejected: null }));
    this.#rows.push(...structuredClone(rows));
    return Promise.resolve(rows);
  }

  override remove(numbers: readonly number[]): Promise<void> {
    this.#rows = this.#rows.filter((row) => !numbers.includes(row.n));
    return Promise.resolve();
  }

  override reject(n: number, code: string): Promise<void> {
    this.#rows = this.#rows.map((row) => (row.n === n ? { ...row, rejected: code } : row));
    return Promise.resolve();
  }
}

export class Device {
  wire!: Wire;
  streams!: Streams;
  outbox!: Outbox;
  undoing!: UndoStack<Drawn>;
  /** Every text that was typed here, and the operations of each stream as this run of the app applied them. */
  readonly typed = new Set<string>();
  applied = new Map<string, number[]>();
  /** Strokes drawn since the app began which this device did not take away itself. */
  mine = new Map<string, string>();
  /** How many steps there were to take back. */
  steps = 0;
  readonly layers: readonly string[];
  readonly #revs = new Map<string, number>();
  #kept = new Map<string, Seed>();

  constructor(
    readonly name: string,
    readonly person: string,
    readonly server: Server,
    readonly newId: () => string,
    readonly disk: OutboxStore = new Disk("model"),
  ) {
    this.layers = [`s:${VERSION}`, `p:${VERSION}:${person}`, `g:${VERSION}:nhóm`];
    this.start();
  }

  // ---- the app

  /** Begins the app, with what an earlier run left on the disk. */
  start(): void {
    const streams = new Streams(FAR);
    const wire = new Wire(this.server, this.person, () => streams.known());
    const push = (stream: string, ops: Op[]): ReturnType<Outbox["push"]> =>
      wire === this.wire ? wire.ask("annotations.push", { stream, ops }) : new Promise(() => undefined); // an app that ended sends nothing
    this.streams = streams;
    this.wire = wire;
    this.applied = new Map();
    this.mine = new Map();
    this.outbox = new Outbox(this.person, this.disk, push, (stream) => streams.seen(stream));
    this.undoing = new UndoStack<Drawn>(this.newId);
    streams.seed(this.#kept);
    streams.onApplied = (stream, operation) => { this.#applies(stream, operation); };
    wire.watch((standing) => { if (standing === "online") this.outbox.wake(); });
    streams.attach(wire);
    for (const stream of this.layers) streams.follow(stream, () => undefined);
    void this.outbox.start();
  }

  /** The tab is killed: what was in memory is gone. */
  restart(): void {
    this.wire.cut();
    this.start();
  }

  /** Writes down how far each stream is, as the app does now and then. */
  keep(): void {
    this.#kept = new Map(this.layers.flatMap((id): [string, Seed][] => {
      const { seq, epoch, entities, standing } = this.streams.view(id);
      return standing === "denied" ? [] : [[id, { seq, epoch, entities: [...entities.values()] }]];
    }));
  }

  // ---- the hand

  shown(stream: string): Shown[] {
    const over = this.outbox.over(stream);
    return rebase(this.streams.view(stream).entities, over, VERSION, { id: this.person, name: this.person })
      .sort((a, b) => (a.id < b.id ? -1 : 1));
  }

  own(stream: string): Shown[] {
    return this.shown(stream).filter((mark) => mark.owner_id === this.person && !mark.carried?.waiting);
  }

  draw(stream: string, pick: number): void {
    const id = this.newId();
    this.did([{ kind: "put", thing: { id, page: 1 + (pick % 3), stream, body: this.#body(pick) } }]);
  }

  /** Other words in one's own note or text. */
  rewrite(stream: string, pick: number): void {
    const notes = this.own(stream).filter(({ body }) => body.type === "note" || body.type === "text");
    const mark = notes[pick % Math.max(notes.length, 1)];
    if (!mark) return;
    const before = drawn(stream, mark);
    this.did([{ kind: "edit", before, thing: { ...before, body: { ...mark.body, text: this.#words() } as Body } }]);
  }

  /** A sweep of the eraser: some marks go at once, and perhaps what is left of one comes. */
  sweep(stream: string, pick: number): void {
    const gone = this.own(stream).slice(0, 1 + (pick % 2)).map((mark): Change<Drawn> => ({ kind: "del", thing: drawn(stream, mark) }));
    const left: Change<Drawn>[] = pick % 3 === 0 ? [{ kind: "put", thing: { id: this.newId(), page: 1, stream, body: INK } }] : [];
    if (gone.length > 0) this.did([...gone, ...left]);
  }

  /** Puts a note that was carried over and waits to its place. */
  place(stream: string, pick: number): void {
    const mark = this.shown(stream).find((one) => one.carried?.waiting && one.owner_id === this.person);
    if (mark) this.#send(stream, [{ kind: "put", op_id: this.newId(), ann_id: mark.id, base_rev: mark.rev, page: 1 + (pick % 3), body: mark.body }]);
  }

  /** Takes away what anybody wrote; the server decides whether one may. */
  remove(stream: string, pick: number): void {
    const marks = this.shown(stream);
    const mark = marks[pick % Math.max(marks.length, 1)];
    if (mark) this.#send(stream, [{ kind: "del", op_id: this.newId(), ann_id: mark.id }]);
  }

  undo(): void {
    this.#write(this.undoing.undo());
  }

  redo(): void {
    this.#write(this.undoing.redo());
  }

  did(step: readonly Change<Drawn>[]): void {
    this.undoing.did(step);
    this.steps += 1;
    this.#write(step);
  }

  #write(step: readonly Change<Drawn>[]): void {
    for (const stream of new Set(step.map(({ thing }) => thing.stream))) {
      this.#send(stream, step.filter(({ thing }) => thing.stream === stream).flatMap((change) => this.#op(change)));
    }
  }

  /** As the notebook of the reader makes operations. */
  #op({ kind, thing }: Change<Drawn>): Op[] {
    if (kind === "del") return [{ kind, op_id: this.newId(), ann_id: thing.id }];
    const now = this.own(thing.stream).find((mark) => mark.id === thing.id);
    const seen = kind === "put" ? 0 : Math.max(now?.rev ?? 0, this.#revs.get(thing.id) ?? 0);
    if (kind === "edit" && seen === 0) return [];
    this.#revs.set(thing.id, seen + 1);
    return [{ kind: "put", op_id: this.newId(), ann_id: thing.id, base_rev: seen, page: thing.page, body: thing.body }];
  }

  #send(stream: string, ops: Op[]): void {
    for (const op of ops) {
      if (op.kind === "del") this.mine.delete(op.ann_id);
      else if (op.base_rev === 0) this.mine.set(op.ann_id, stream);
    }
    if (ops.length > 0) void this.outbox.add(stream, ops);
  }

  #applies(stream: string, operation: Operation): void {
    this.applied.set(stream, [...(this.applied.get(stream) ?? []), operation.seq]);
    this.outbox.shown(stream, operation);
  }

  #words(): string {
    const words = `lời ${this.newId()}`;
    this.typed.add(words);
    return words;
  }

  #body(pick: number): Body {
    const common = { color: "#5A2C91", w: 2 };
    switch (pick % 6) {
      case 0: return { type: "highlight", color: "#FFE38A", quads: [[0, 9, 9, 9, 0, 0, 9, 0]], quote: "số liệu", prefix: "", suffix: "", style: "strike" };
      case 1: return { type: "shape", shape: "arrow", ...common, x1: 0, y1: 0, x2: pick, y2: 9 };
      case 2: return { type: "text", x: 0, y: 0, width: 100, size: 12, color: "#000000", text: this.#words(), fork_of: null };
      case 3: case 4: return { type: "note", x: 0, y: pick, text: this.#words(), fork_of: null };
      default: return { ...INK, pts: [pick, 0, 50, 10, 0, 0] };
    }
  }
}

const INK: Extract<Body, { type: "ink" }> = { type: "ink", color: "#5A2C91", w: 2, pts: [0, 0, 50], marker: false };

function drawn(stream: string, { id, page, body }: Shown): Drawn {
  return { id, page, stream, body };
}
