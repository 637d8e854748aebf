/** One meeting as the desk sees it: its streams joined into what the screens show. Make it while a component is set up. */
import { dossierOf } from "@phien/kit/dossier";
import { get } from "@phien/kit/net";
import type { Dossier, Incoming, Item, ItemDetail, Meeting, MeetingView, Paper, Participant, Presenting, Reading, Ready, Recall, SigningRequest } from "@phien/wire";

import { mapBy, setOf } from "../../collections.ts";
import { Following } from "../../following.svelte.ts";
import { session } from "../../session.svelte.ts";

export class Sitting {
  readonly #id: () => string;
  readonly #following: Following;
  #may = $state.raw<ReadonlySet<string>>(setOf());

  constructor(id: () => string) {
    this.#id = id;
    this.#following = new Following(() => [this.#main, this.#desk, this.#own, ...this.#ids.map((item) => `i:${item}`)]);
    $effect(() => {
      const { id: meeting, state } = { id: this.#id(), state: this.state };
      if (state) void this.#ask(meeting);
    });
  }

  get id(): string { return this.#id(); }
  get #main(): string { return `m:${this.#id()}`; }
  get #desk(): string { return `d:${this.#id()}`; }
  get #own(): string { return `u:${session.me?.person_id ?? ""}`; }

  readonly meeting: Meeting | null = $derived.by(() => this.#following.all(this.#main, "meeting")[0] ?? null);
  readonly state = $derived.by(() => this.meeting?.state ?? null);
  /** All items in order, the general one first. */
  readonly everything: Item[] = $derived.by(() => this.#following.all(this.#main, "item").sort((a, b) => Number(b.general) - Number(a.general) || a.position - b.position));
  /** The agenda: items without the general one. */
  readonly items: Item[] = $derived.by(() => this.everything.filter((item) => !item.general));
  readonly general: Item | null = $derived.by(() => this.everything.find((item) => item.general) ?? null);
  readonly #ids: string[] = $derived.by(() => this.everything.map((item) => item.id));
  readonly participants: Participant[] = $derived.by(() => this.#following.all(this.#desk, "participant").sort((a, b) => a.position - b.position));
  readonly readings: ReadonlyMap<string, Reading> = $derived.by(() => mapBy(this.#following.all(this.#desk, "reading"), (each) => each.id));
  readonly recalls: ReadonlyMap<string, Recall> = $derived.by(() => mapBy(this.#following.all(this.#desk, "recall"), (each) => each.id));
  /** What devices found when they tested themselves for this meeting. */
  readonly tested: Ready[] = $derived.by(() => this.#following.all(this.#desk, "ready"));
  /** What came in and is no paper yet; of closed items only what this person brought. */
  readonly incoming: Incoming[] = $derived.by(() => [
    ...this.#following.all(this.#desk, "incoming"), ...this.#following.all(this.#own, "incoming").filter((each) => each.meeting_id === this.#id()),
  ].sort((a, b) => (a.id < b.id ? -1 : 1)));
  /** Papers on their way to being issued; of closed items only those in which this person has a part. */
  readonly #dossiers: readonly Dossier[] = $derived.by(() => {
    const own = this.#following.all(this.#own, "dossier").filter((each) => each.meeting_id === this.#id());
    return [...mapBy([...own, ...this.#following.all(this.#desk, "dossier")], (each) => each.id).values()];
  });
  readonly signings: SigningRequest[] = $derived.by(() => this.#following.all(this.#desk, "signing"));

  /** Whether the meeting is closed to this person. */
  get denied(): boolean { return this.#following.standing(this.#main) === "denied"; }

  /** Whether an item is closed to this person: only its place on the agenda shows. */
  closed(item: string): boolean { return this.#following.standing(`i:${item}`) === "denied"; }

  detail(item: string): ItemDetail | null { return this.#following.all(`i:${item}`, "item_detail")[0] ?? null; }

  presenting(item: string): Presenting | null { return this.#following.all(`i:${item}`, "presenting")[0] ?? null; }

  papers(item: string): Paper[] { return this.#following.all(`i:${item}`, "paper").sort((a, b) => a.position - b.position); }

  signing(paper: string): SigningRequest | null {
    const of = this.signings.filter((each) => each.paper_id === paper && each.state !== "withdrawn");
    return of.sort((a, b) => b.requested_at.localeCompare(a.requested_at))[0] ?? null;
  }

  /** The way of a paper to its issue, where it is or was on one. */
  dossier(paper: string): Dossier | null { return dossierOf(this.#dossiers, paper); }

  /** Title as far as this person may know it. */
  title(item: Item): string { return this.detail(item.id)?.title ?? item.title; }

  may(verb: string): boolean { return this.#may.has(verb); }

  async #ask(meeting: string): Promise<void> {
    try {
      const view = await get<MeetingView>(`/meetings/${meeting}`);
      if (meeting === this.#id()) this.#may = setOf(view.may);
    } catch { /* the streams say whether the meeting can be seen at all */ }
  }
}
