/** One draft while it is written: kept on the server a moment after each change, in order, and never over another's: what somebody else
 *  kept meanwhile is joined with what stands here. */
import { act, ApiError, get, newId } from "@phien/kit/net";
import type { Draft, DraftFiled, DraftRevision, DraftSave, DraftSaved, DraftText } from "@phien/wire";
import { onDestroy } from "svelte";

import { sentence } from "../../act.svelte.ts";
import { joined } from "./joining.ts";

/** So long nothing is typed before it is sent. */
const REST_MS = 900;
const AGAIN_MS = 4_000;

export type Keeping = "kept" | "waiting" | "sending" | "offline" | "refused";

/** What somebody else kept while this was open. */
export interface News {
  readonly by: string;
  readonly at: string;
  /** Whether words that stood here alone were joined with it. */
  readonly joined: boolean;
}

export class Writing {
  readonly #id: string;
  #draft = $state.raw<Draft | null>(null);
  /** As it stands on screen. */
  text = $state<DraftText | null>(null);
  keeping = $state<Keeping>("kept");
  error = $state<string | null>(null);
  gone = $state(false);
  /** The revision whose pages may be looked at. */
  revision = $state(0);
  savedAt = $state<string | null>(null);
  news = $state.raw<News | null>(null);
  #joining = false;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #sending: Promise<void> | null = null;
  #sent = "";
  /** What could not be sent keeps its key: it may have arrived. */
  #unsent: { body: string; key: string } | null = null;

  constructor(id: string) {
    this.#id = id;
    void this.load();
    onDestroy(() => { clearTimeout(this.#timer); if (this.keeping === "waiting") void this.flush(); });
  }

  get draft(): Draft | null { return this.#draft; }
  /** Whether something is on this screen alone. */
  get unsaved(): boolean { return this.keeping !== "kept"; }

  async load(): Promise<void> {
    try { this.#take(await get<Draft>(`/drafts/${this.#id}`)); }
    catch (error) {
      this.gone = error instanceof ApiError && !error.unsent;
      this.error = sentence(error);
    }
  }

  /** Something was typed. */
  touched(): void {
    this.keeping = "waiting";
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.flush(), REST_MS);
  }

  /** Sends what is not kept yet; true once the server has all of it. */
  async flush(): Promise<boolean> {
    clearTimeout(this.#timer);
    await this.#sending;
    if (this.text && JSON.stringify(this.text) !== this.#sent) {
      this.#sending = this.#save();
      await this.#sending;
      this.#sending = null;
    } else if (this.keeping === "waiting") this.keeping = "kept";
    return this.keeping === "kept";
  }

  /** The stream told that a revision was kept; one's own is known already, or is just being answered. */
  async meet(revision: number): Promise<void> {
    if (this.#draft && revision > this.revision && this.keeping !== "sending") await this.#join();
  }

  /** Takes over what somebody else kept, and puts what stands here alone into it. */
  async #join(): Promise<void> {
    if (this.#joining) return;
    this.#joining = true;
    try {
      const theirs = await get<Draft>(`/drafts/${this.#id}`);
      if (theirs.revision <= this.revision) return;
      const mine = $state.snapshot(this.text);
      const own = mine !== null && JSON.stringify(mine) !== this.#sent;
      const text = own ? joined(JSON.parse(this.#sent) as DraftText, mine, theirs.text) : theirs.text;
      this.#take(theirs);
      this.news = { by: theirs.changed_by, at: theirs.changed_at, joined: own };
      if (own) { this.text = structuredClone(text); this.touched(); }
    } catch (error) { this.#refused(error); }
    finally { this.#joining = false; }
  }

  /** Takes over what the meeting has changed. */
  async refill(): Promise<boolean> {
    if (!await this.flush()) return false;
    try {
      this.#take(await act<Draft>("POST", `/drafts/${this.#id}/refill`, { revision: this.revision } satisfies DraftRevision));
      return true;
    } catch (error) { this.#refused(error); return false; }
  }

  /** Prints it among the papers of the meeting. */
  async file(): Promise<DraftFiled | null> {
    if (!await this.flush()) return null;
    try {
      const filed = await act<DraftFiled>("POST", `/drafts/${this.#id}/file`, { revision: this.revision } satisfies DraftRevision);
      await this.load();
      return filed;
    } catch (error) { this.#refused(error, false); return null; }
  }

  async #save(): Promise<void> {
    const text = $state.snapshot(this.text);
    if (!text) return;
    const now = JSON.stringify(text);
    const body = { revision: this.revision, text } satisfies DraftSave;
    const whole = JSON.stringify(body);
    const key = this.#unsent?.body === whole ? this.#unsent.key : newId();
    this.#unsent = { body: whole, key };
    this.keeping = "sending";
    this.error = null;
    try {
      const saved = await act<DraftSaved>("PUT", `/drafts/${this.#id}`, body, { key });
      this.#unsent = null;
      this.#sent = now;
      this.revision = saved.revision;
      this.savedAt = saved.changed_at;
      this.keeping = "kept";
      if (this.#draft) this.#draft = { ...this.#draft, filed: false, revision: saved.revision };
      if (JSON.stringify(this.text) !== now) this.touched();
    } catch (error) { this.#refused(error); }
  }

  #refused(error: unknown, writing = true): void {
    if (error instanceof ApiError && error.code === "drafting.changed") { this.keeping = "waiting"; void this.#join(); return; }
    this.error = sentence(error);
    if (!writing) return;
    if (error instanceof ApiError && error.unsent) {
      this.keeping = "offline";
      this.#timer = setTimeout(() => void this.flush(), AGAIN_MS);
    } else this.keeping = "refused";
  }

  #take(draft: Draft): void {
    this.#draft = draft;
    this.#sent = JSON.stringify(draft.text);
    this.text = structuredClone(draft.text);
    this.revision = draft.revision;
    this.savedAt = draft.changed_at;
    this.keeping = "kept";
    this.error = null;
  }
}
