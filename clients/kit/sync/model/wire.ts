/** The network of the model: one device's connection, on which everything waits until the script lets it through. */
import type { AnyEntity, Commands, Frame, Page } from "@phien/wire";

import { ApiError } from "../../net/http.ts";
import type { From } from "../../net/missed.ts";
import type { Standing } from "../../net/socket.ts";
import type { Ask } from "../log.ts";
import type { Op } from "../outbox.ts";
import type { Link } from "../streams.ts";
import type { Listener, Server } from "./server.ts";

interface Asked {
  readonly name: string;
  readonly command: unknown;
  readonly resolve: (answer: unknown) => void;
  readonly reject: (error: Error) => void;
  /** What the server said, on its way back. */
  answer: (() => void) | null;
}

interface Message {
  readonly event: string;
  readonly data: unknown;
  /** Instead of an event: the answer to a join, which takes its turn among them. */
  readonly answers?: Asked;
}

export class Wire implements Listener, Link {
  standing: Standing = "offline";
  /** Operations may come in any order, be lost or come twice. All else keeps its order, as one socket does. */
  readonly late: Message[] = [];
  readonly #inOrder: Message[] = [];
  readonly asked: Asked[] = [];
  /** Every stream of which something came, with the owners of the rows. */
  readonly received: { stream: string; owner: string }[] = [];
  readonly #listeners = new Map<string, (data: unknown) => void>();
  readonly #watchers = new Set<(standing: Standing) => void>();

  constructor(
    readonly server: Server,
    readonly person: string,
    readonly known: () => Record<string, number>,
  ) {}

  // ---- as the client sees it

  ask<N extends keyof Commands>(name: N, command: Commands[N][0]): Promise<Commands[N][1]> {
    if (this.standing !== "online") return Promise.reject(new ApiError("network", ""));
    return new Promise((resolve, reject) => {
      this.asked.push({ name, command, resolve: resolve as (answer: unknown) => void, reject, answer: null });
    });
  }

  /** Each page sets out and arrives when the script says so, before or after whatever the socket carries. */
  async* missed(stream: string, from: From): AsyncGenerator<Page, void, void> {
    for (let ask: Ask | null = { last_seq: from.last_seq, after: from.after ? [...from.after] : null }; ask;) {
      const page: Page = await this.ask("missed" as "stream.join", { stream, ...ask });
      yield page;
      const last: number = page.ops.at(-1)?.seq ?? ask.last_seq;
      ask = page.more ? { last_seq: last, after: page.after } : null;
    }
  }

  on(event: string, listener: (data: never) => void): () => void {
    this.#listeners.set(event, listener as (data: unknown) => void);
    return () => { this.#listeners.delete(event); };
  }

  watch(watcher: (standing: Standing) => void): () => void {
    this.#watchers.add(watcher);
    return () => { this.#watchers.delete(watcher); };
  }

  // ---- as the server sees it

  hear(event: string, data: unknown): void {
    if (this.standing !== "online") return;
    (event === "stream.ops" ? this.late : this.#inOrder).push({ event, data: structuredClone(data) });
  }

  // ---- as the script has it

  up(): void {
    if (this.standing === "online") return;
    this.standing = "online";
    const known = this.known();
    for (const watcher of this.#watchers) watcher("online");
    for (const [stream, last_seq] of Object.entries(known)) {
      try {
        this.hear("stream.page", this.server.join(this, stream, { last_seq, after: null }));
      } catch {
        this.hear("stream.left", { stream, code: "denied" });
      }
    }
  }

  /** What was on its way is lost; a request may have arrived, and its answer not. */
  cut(): void {
    if (this.standing !== "online") return;
    this.standing = "offline";
    this.server.leave(this);
    this.late.length = this.#inOrder.length = 0;
    for (const each of this.asked.splice(0)) each.reject(new ApiError("network", ""));
    for (const watcher of this.#watchers) watcher("offline");
  }

  /** A request reaches the server; the answer sets out. */
  serve(pick: number): void {
    const open = this.asked.filter((each) => each.answer === null);
    const one = open[pick % Math.max(open.length, 1)];
    if (!one) return;
    try {
      const result = structuredClone(this.#handle(one));
      one.answer = () => { this.#note(result); one.resolve(result); };
    } catch (error) {
      one.answer = () => { one.reject(error as Error); };
    }
    if (one.name === "stream.join") this.#inOrder.push({ event: "", data: {}, answers: one });
  }

  /** An answer arrives, early or late; that to a join keeps its place among what the server says by itself. */
  answer(pick: number): void {
    const back = this.asked.filter((each) => each.answer !== null && each.name !== "stream.join");
    const one = back[pick % Math.max(back.length, 1)];
    if (one) this.#answered(one);
  }

  #answered(one: Asked): void {
    this.asked.splice(this.asked.indexOf(one), 1);
    if (one.name === "stream.join" && this.server.fault === "page before room") this.server.enter(this, one.command as { stream: string });
    one.answer?.();
  }

  /** The next of what keeps its order. */
  next(): void {
    this.#tell(this.#inOrder.shift());
  }

  /** Any operation that is on its way, once or (`again`) not for the last time. */
  deliver(pick: number, again = false): void {
    const at = pick % Math.max(this.late.length, 1);
    const message = this.late[at];
    if (message && !again) this.late.splice(at, 1);
    this.#tell(message);
  }

  drop(pick: number): void {
    this.late.splice(pick % Math.max(this.late.length, 1), 1);
  }

  get quiet(): boolean {
    return this.late.length + this.#inOrder.length + this.asked.length === 0;
  }

  #handle({ name, command }: Asked): unknown {
    if (name === "annotations.push") {
      const { stream, ops } = command as { stream: string; ops: Op[] };
      return this.server.push(this.person, stream, structuredClone(ops));
    }
    if (name === "stream.join") {
      const { stream, ...ask } = command as Ask & { stream: string };
      return this.server.join(this, stream, ask);
    }
    if (name === "missed") {
      const { stream, ...ask } = command as Ask & { stream: string };
      return this.server.missed(this.person, stream, ask);
    }
    return { ok: true };
  }

  #tell(message: Message | undefined): void {
    if (!message) return;
    if (message.answers) { this.#answered(message.answers); return; }
    this.#note(message.data);
    this.#listeners.get(message.event)?.(structuredClone(message.data));
  }

  #note(data: unknown): void {
    const { stream, put, ops } = data as Partial<Page & Frame>;
    if (stream === undefined) return;
    for (const entity of [...(put ?? []), ...(ops ?? []).flatMap((each) => each.event.put as readonly AnyEntity[])]) {
      if (entity.kind === "annotation") this.received.push({ stream, owner: entity.owner_id });
    }
  }
}
