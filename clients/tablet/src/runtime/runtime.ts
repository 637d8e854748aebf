/** What a signed-in app runs on: one connection, the streams that it holds, the outbox, the papers of this device. */
import { act, Connection, getRange } from "@phien/kit/net";
import { keyOf, Outbox, OutboxStore, Streams } from "@phien/kit/sync";
import { type About, Papers, States, type Vault } from "@phien/kit/vault";
import type { AnyEvent, DeviceHolding, DeviceKey, DeviceKeyAsk, Me } from "@phien/wire";

import { beside, servePictures } from "./beside.ts";
import { nextNumber, Receipts } from "./receipts.ts";
import { Shelf, sharedNotes } from "./shelf.ts";
import { noteKept } from "./storage.ts";

export class Runtime {
  readonly streams = new Streams();
  readonly connection: Connection;
  readonly outbox: Outbox;
  readonly papers: Papers;
  readonly shelf: Shelf;
  readonly states: States;
  readonly receipts: Receipts;
  /** By how much this device's clock is ahead of the server's, ms; null while that is not known. */
  clockAhead: number | null = null;
  #keyGiven = false;
  #stopPictures: () => void = () => undefined;
  /** Told when the server's half is a new one, so that a code set before opens nothing any more. */
  onCodeLost: () => void = () => undefined;

  /** `vault` is open, or is opened as soon as the server gives its half. */
  constructor(
    readonly me: Me,
    readonly vault: Vault,
  ) {
    this.connection = new Connection(me.device_id, () => this.streams.known());
    this.outbox = new Outbox(
      me.person_id,
      new OutboxStore(),
      (stream, ops) => this.connection.ask("annotations.push", { stream, ops }),
      (stream) => this.streams.seen(stream),
    );
    this.papers = new Papers(
      vault.store,
      async (version, begin, end, edition) => new Uint8Array(await getRange(`/versions/${version}/content?edition=${edition}`, begin, end)),
      { about: (stream) => this.#about(stream), lease: vault.lease, beside, yields: () => this.streams.telling },
    );
    this.receipts = new Receipts({
      lying: () => this.papers.lying(),
      tell: (holds) => act<DeviceHolding>("PUT", "/accounts/me/papers", holds),
      purge: (versions) => this.#purge(versions),
      number: nextNumber,
    });
    this.papers.onHeld = () => { this.receipts.changed(); };
    this.states = new States(vault.store, (stream) => {
      const { seq, epoch, entities } = this.streams.view(stream);
      return { seq, epoch, entities: [...entities.values()] };
    });
    this.shelf = new Shelf(this.streams, me.person_id, (stream) => {
      // What is being caught up on is kept when it has come: writing it half-way would only be in the way.
      if (this.streams.view(stream).standing !== "joining") this.states.changed(stream);
    });
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
    const kept = await this.states.load();
    this.streams.seed(kept);
    // Layers of groups are kept in step from the start: who was taken out meanwhile is told so, and purges them.
    for (const stream of kept.keys()) if (stream.startsWith("g:")) this.shelf.hold(stream);
  }

  /** Asks the server for its half of the key, once a start; a borrowed device gets none and keeps nothing. Throws ApiError. */
  async askKey(): Promise<void> {
    if (this.#keyGiven || this.me.read_only) return;
    const ask: DeviceKeyAsk = { fresh: await this.vault.wantsFresh() };
    const given = await act<DeviceKey>("POST", "/accounts/me/device-key", ask);
    this.#keyGiven = true;
    if (await this.vault.openOnline(given)) this.onCodeLost();
  }

  start(): void {
    this.streams.attach(this.connection);
    this.connection.watch((standing) => {
      this.papers.network = standing === "online";
      this.receipts.network = standing === "online";
      if (standing !== "online") return;
      this.outbox.wake();
      void this.askKey().catch(() => undefined);
      this.tellVisible();
    });
    this.connection.on("stream.welcome", ({ server_time }) => {
      this.vault.lease.heard(server_time);
      this.clockAhead = Date.now() - Date.parse(server_time);
    });
    this.connection.on("stream.heads", () => { this.vault.lease.still(); });
    this.#stopPictures = servePictures(this.papers);
    document.addEventListener("visibilitychange", this.tellVisible);
    void this.papers.start().then((papers) => { noteKept(this.me.person_id, papers, this.vault.store.isOpen); });
    void this.outbox.start();
    this.shelf.hold(`u:${this.me.person_id}`);
    this.connection.open();
  }

  /** Ends the work of this person here; unsent notes stay in the outbox for the next sign-in. */
  stop(): void {
    this.states.close();
    this.receipts.close();
    document.removeEventListener("visibilitychange", this.tellVisible);
    this.connection.close();
    this.papers.close();
    this.#stopPictures();
    this.vault.close();
  }

  /** The meeting of an item's stream; papers that hang on none are kept for a day. */
  #about(stream: string): About | null {
    if (!stream.startsWith("i:")) return { meeting: "", starts: "", hours: 24 };
    const detail = this.streams.view(stream).entities.get(keyOf("item_detail", stream.slice(2)));
    if (detail?.kind !== "item_detail") return null;
    const meeting = this.streams.view(`m:${detail.meeting_id}`).entities.get(keyOf("meeting", detail.meeting_id));
    if (meeting?.kind !== "meeting") return null;
    return { meeting: meeting.id, starts: meeting.starts_at, hours: meeting.offline_hours };
  }

  /** Withdrawn papers leave the device whether or not they are on screen. */
  #obey(event: AnyEvent): void {
    if (event.name !== "documents.recalled") return;
    void this.#purge(event.versions);
  }

  /** Pages, words, pictures and all notes of versions; the own ones are with the server, and what is unsent stays. */
  async #purge(versions: readonly string[]): Promise<void> {
    await this.papers.purge(versions);
    const kept = await this.states.kept();
    const notes = new Set(versions.flatMap((version) => [this.shelf.privateNotes(version), sharedNotes(version)]));
    const ofGroups = kept.filter((stream) => stream.startsWith("g:") && versions.includes(stream.split(":")[1] ?? ""));
    await this.states.purge([...notes, ...ofGroups]);
  }

  readonly tellVisible = (): void => {
    const visible = document.visibilityState === "visible";
    if (!visible) void this.states.keep(); // a tablet that is put away may not come back to it
    this.connection.ask("live.visible", { visible }).catch(() => undefined); // told again at the next connect
  };
}
