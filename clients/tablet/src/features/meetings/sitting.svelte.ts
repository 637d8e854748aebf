/** One meeting on screen, and what this person may do in it now. */
import { t } from "@phien/kit/i18n";
import { act, ApiError, get } from "@phien/kit/net";
import type { Meeting, MeetingView, Participant, PresenterChange } from "@phien/wire";

import type { Live } from "../../runtime/live.svelte.ts";

export class Sitting {
  readonly #app: Live;
  readonly #id: () => string;
  /** The meeting as it stands, with a network: a join or an item that changes is no reason to ask again. */
  readonly #known = $derived.by(() => (this.#app.online ? this.meeting : undefined));
  #may = $state.raw<readonly string[]>([]);
  /** For who may give the presenter's role; empty for others. */
  participants = $state.raw<readonly Participant[]>([]);
  problem = $state<string | null>(null);
  busy = $state(false);

  /** To be made while a component is set up: it asks anew whenever the meeting itself changes. */
  constructor(app: Live, id: () => string) {
    this.#app = app;
    this.#id = id;
    $effect(() => {
      if (this.#known) void this.#ask(id());
    });
  }

  get id(): string {
    return this.#id();
  }

  get meeting(): Meeting | undefined {
    return this.#app.stream(`m:${this.#id()}`).get("meeting", this.#id());
  }

  /** Taken from this person: the stream is closed to them. */
  get closed(): boolean {
    return this.#app.stream(`m:${this.#id()}`).standing === "denied";
  }

  /** Without network, or on a borrowed device, nothing of the sitting can be moved. */
  may(verb: string): boolean {
    return this.#app.online && !this.#app.readsOnly && this.#may.includes(verb);
  }

  start(): Promise<void> {
    return this.#do(() => act<Meeting>("POST", `/meetings/${this.id}/start`, {}));
  }

  end(): Promise<void> {
    return this.#do(() => act<Meeting>("POST", `/meetings/${this.id}/end`, {}));
  }

  moveTo(item: string): Promise<void> {
    return this.#do(() => act<Meeting>("PUT", `/meetings/${this.id}/current-item`, { item_id: item }));
  }

  /** Gives the presenter's role to a person, or takes it from whoever has it (null). */
  setPresenter(person: string | null): Promise<void> {
    const body: PresenterChange = { person_id: person };
    return this.#do(() => act<Meeting>("PUT", `/meetings/${this.id}/presenter`, body));
  }

  async #do(work: () => Promise<unknown>): Promise<void> {
    this.busy = true;
    this.problem = null;
    try {
      await work();
    } catch (error) {
      this.problem = error instanceof ApiError && !error.unsent ? error.message : t("Mất mạng: phiên họp không đổi.");
    } finally {
      this.busy = false;
    }
  }

  async #ask(id: string): Promise<void> {
    try {
      const view = await get<MeetingView>(`/meetings/${id}`);
      if (id !== this.id) return;
      this.#may = view.may;
      this.participants = view.participants;
    } catch {
      this.#may = []; // nothing is offered that may be refused
    }
  }
}
