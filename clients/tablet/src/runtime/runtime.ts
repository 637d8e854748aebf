/** What a signed-in app runs on: one connection, the streams that it holds, the outbox, the papers of this device. */
import { Connection, getRange } from "@phien/kit/net";
import { Outbox, OutboxStore, Streams } from "@phien/kit/sync";
import { Papers, States, VaultStore } from "@phien/kit/vault";
import type { AnyEvent, Me } from "@phien/wire";

import { Shelf, sharedNotes } from "./shelf.ts";

export class Runtime {
  readonly streams = new Streams();
  readonly connection: Connection;
  readonly outbox: Outbox;
  readonly papers: Papers;
  readonly shelf: Shelf;
  readonly states: States;

  constructor(readonly me: Me) {
    this.connection = new Connection(me.device_id, () => this.streams.known());
    this.outbox = new Outbox(
      me.person_id,
      new OutboxStore(),
      (stream, ops) => this.connection.ask("annotations.push", { stream, ops }),
      (stream) => this.streams.view(stream).seq,
    );
    const vault = new VaultStore(me.person_id);
    this.papers = new Papers(vault, async (version, begin, end) =>
      new Uint8Array(await getRange(`/versions/${version}/content`, begin, end)));
    this.states = new States(vault, (stream) => {
      const { seq, epoch, entities } = this.streams.view(stream);
      return { seq, epoch, entities: [...entities.values()] };
    });
    this.shelf = new Shelf(this.streams, me.person_id, (stream) => { this.states.changed(stream); });
    this.streams.onApplied = (stream, operation) => {
      this.outbox.shown(stream, operation);
      this.#obey(operation.event);
    };
    this.streams.onDenied = (stream) => {
      void this.papers.purgeStream(stream);
      void this.states.purge([stream]);
    };
  }

  /** Learns what lies on this device; before anything is shown, so that screens find it. */
  async prepare(): Promise<void> {
    this.streams.seed(await this.states.load());
  }

  start(): void {
    this.streams.attach(this.connection);
    this.connection.watch((standing) => {
      if (standing !== "online") return;
      this.outbox.wake();
      this.tellVisible();
    });
    document.addEventListener("visibilitychange", this.tellVisible);
    void this.papers.start();
    void this.outbox.start();
    this.shelf.hold(`u:${this.me.person_id}`);
    this.connection.open();
  }

  /** Ends the work of this person here; unsent notes stay in the outbox for the next sign-in. */
  stop(): void {
    this.states.close();
    document.removeEventListener("visibilitychange", this.tellVisible);
    this.connection.close();
    this.papers.close();
  }

  /** Withdrawn papers leave the device whether or not they are on screen. */
  #obey(event: AnyEvent): void {
    if (event.name !== "documents.recalled") return;
    void this.papers.purge(event.versions);
    void this.states.purge(event.versions.flatMap((version) => [this.shelf.privateNotes(version), sharedNotes(version)]));
  }

  readonly tellVisible = (): void => {
    const visible = document.visibilityState === "visible";
    this.connection.ask("live.visible", { visible }).catch(() => undefined); // told again at the next connect
  };
}
