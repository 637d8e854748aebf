/** The runtime as screens read it: whatever they read here renews itself. */
import { t } from "@phien/kit/i18n";
import type { Standing } from "@phien/kit/net";
import type { Op, StreamStanding, Waiting } from "@phien/kit/sync";
import type { Held, Progress } from "@phien/kit/vault";
import type { AnyEntity, Me } from "@phien/wire";
import { createSubscriber } from "svelte/reactivity";

import type { Runtime } from "./runtime.ts";

type Kind = AnyEntity["kind"];
type Of<K extends Kind> = Extract<AnyEntity, { kind: K }>;

/** One stream on screen. */
export class LiveStream {
  readonly #subscribe: () => void;

  constructor(
    readonly id: string,
    readonly runtime: Runtime,
  ) {
    this.#subscribe = createSubscriber((update) => runtime.streams.follow(id, update));
  }

  get standing(): StreamStanding {
    this.#subscribe();
    return this.runtime.streams.view(this.id).standing;
  }

  /** Whether its state has come at least once. */
  get known(): boolean {
    this.#subscribe();
    return this.runtime.streams.view(this.id).seq > 0;
  }

  get entities(): ReadonlyMap<string, AnyEntity> {
    this.#subscribe();
    return this.runtime.streams.view(this.id).entities;
  }

  all<K extends Kind>(kind: K): Of<K>[] {
    return [...this.entities.values()].filter((entity): entity is Of<K> => entity.kind === kind);
  }

  get<K extends Kind>(kind: K, id: string): Of<K> | undefined {
    const found = this.entities.get(`${kind}/${id}`);
    return found?.kind === kind ? (found as Of<K>) : undefined;
  }
}

/** How the app stands: network, what waits to be sent, what lies on this device. */
export class Live {
  // Not reactive itself: each stream tells of its own changes.
  // eslint-disable-next-line svelte/prefer-svelte-reactivity
  readonly #streams = new Map<string, LiveStream>();
  readonly #network: () => void;
  readonly #outbox: () => void;
  readonly #papers: () => void;

  constructor(readonly runtime: Runtime) {
    this.#network = createSubscriber((update) => runtime.connection.watch(update));
    this.#outbox = createSubscriber((update) => runtime.outbox.watch(update));
    this.#papers = createSubscriber((update) => runtime.papers.watch(update));
  }

  get me(): Me {
    return this.runtime.me;
  }

  /** A borrowed device: the server refuses every act from it but reading, so none is offered. */
  get readsOnly(): boolean {
    return this.me.read_only;
  }

  /** Why nothing may be done now, or false; `offline`: what is said without network. */
  barred(offline: string): string | false {
    return this.readsOnly ? t("Máy mượn: chỉ để đọc") : this.cut && offline;
  }

  stream(id: string): LiveStream {
    let stream = this.#streams.get(id);
    if (!stream) {
      stream = new LiveStream(id, this.runtime);
      this.#streams.set(id, stream);
    }
    return stream;
  }

  /** One's own stream: meetings, what was opened, what waits for a signature. */
  get mine(): LiveStream {
    return this.stream(`u:${this.me.person_id}`);
  }

  get standing(): Standing {
    this.#network();
    return this.runtime.connection.standing;
  }

  get online(): boolean {
    return this.standing === "online";
  }

  /** Known to be without network: what happens in the sitting itself cannot be done. Not while it is being found out. */
  get cut(): boolean {
    return this.standing === "offline";
  }

  get refused(): string | null {
    this.#network();
    return this.runtime.connection.reason;
  }

  /** Since when the network is away, ms. */
  get downSince(): number | null {
    this.#network();
    return this.runtime.connection.downSince;
  }

  get waiting(): number {
    this.#outbox();
    return this.runtime.outbox.waiting;
  }

  get rejected(): readonly Waiting[] {
    this.#outbox();
    return this.runtime.outbox.rejected;
  }

  get durable(): boolean {
    this.#outbox();
    return this.runtime.outbox.durable;
  }

  over(stream: string): Op[] {
    this.#outbox();
    return this.runtime.outbox.over(stream);
  }

  /** How much of a paper is here, and whether it opens, is searched and shown without network. */
  progress(held: Held): Progress {
    this.#papers();
    return this.runtime.papers.progress(held);
  }

  /** Whether a paper could not be fetched at the last try. */
  failed(held: Held): boolean {
    this.#papers();
    return this.runtime.papers.failed(held);
  }

  /** No room is left on this device. */
  get full(): boolean {
    this.#papers();
    return this.runtime.papers.full;
  }

  /** How many papers lie here, at least in part. */
  get papersHere(): number {
    this.#papers();
    return this.runtime.papers.here;
  }
}
