/** Who would read what is shared on a version, asked of the server before anything is shared; and the groups of it. */
import { t } from "@phien/kit/i18n";
import { act, ApiError, get } from "@phien/kit/net";
import type { NoteGroup, NoteReaders, Person } from "@phien/wire";

import { type Layer, toneOf } from "./marks.ts";
import type { Notebook } from "./notebook.svelte.ts";

/** A layer to choose, and who reads it. `count` is null while nobody has said. */
export interface Audience {
  readonly layer: Layer;
  readonly count: number | null;
  /** Names, of a group alone: of a whole meeting they would be too many. */
  readonly names: readonly string[];
}

/** The layers one may write into, with their readers. `told` is what the server said last. */
export function audiences(notebook: Pick<Notebook, "layers" | "groupOf" | "mayShare">, told: NoteReaders | null): Audience[] {
  return notebook.layers.filter((layer) => layer !== "shared" || notebook.mayShare).map((layer) => {
    if (layer === "private") return { layer, count: 1, names: [] };
    if (layer === "shared") return { layer, count: told?.count ?? null, names: [] };
    const group = notebook.groupOf(layer);
    const count = told?.groups.find((each) => each.group_id === group?.id)?.count ?? null;
    return { layer, count, names: group?.members.map((person) => person.name) ?? [] };
  });
}

/** Those of a group who may not read this paper, as a number: their names say nothing here. */
export function withoutPaper(audience: Audience): number {
  return toneOf(audience.layer) === "group" && audience.count !== null ? audience.names.length - audience.count : 0;
}

/** How many read a layer: as the server said last, else as many as there are in the group or the meeting. */
export function readersOf(layer: Layer, group: NoteGroup | undefined, told: NoteReaders | null, participants: number): number {
  if (layer === "private") return 1;
  if (layer === "shared") return told?.count ?? participants;
  return told?.groups.find((each) => each.group_id === group?.id)?.count ?? group?.members.length ?? 1;
}

export class Sharing {
  told = $state.raw<NoteReaders | null>(null);
  problem = $state<string | null>(null);
  busy = $state(false);
  readonly #version: string;

  constructor(version: string) {
    this.#version = version;
  }

  /** Asks who reads the version now; without network what was known stays. */
  async ask(words = ""): Promise<void> {
    try {
      this.told = await get<NoteReaders>(`/versions/${this.#version}/note-readers?q=${encodeURIComponent(words)}`);
      this.problem = null;
    } catch (error) {
      this.problem = textOf(error);
    }
  }

  make(name: string, people: readonly Person[]): Promise<NoteGroup | null> {
    const body = { name, person_ids: people.map((person) => person.id) };
    return this.#do(() => act<NoteGroup>("POST", `/versions/${this.#version}/note-groups`, body));
  }
  add(group: string, people: readonly Person[]): Promise<NoteGroup | null> {
    const body = { version_id: this.#version, person_ids: people.map((person) => person.id) };
    return this.#do(() => act<NoteGroup>("POST", `/note-groups/${group}/members`, body));
  }
  /** Takes somebody out, or oneself. */
  remove(group: string, person: string): Promise<NoteGroup | null> {
    return this.#do(() => act<NoteGroup>("DELETE", `/note-groups/${group}/members/${person}`));
  }

  async #do(call: () => Promise<NoteGroup>): Promise<NoteGroup | null> {
    this.busy = true;
    this.problem = null;
    try {
      return await call();
    } catch (error) {
      this.problem = textOf(error);
      return null;
    } finally {
      this.busy = false;
    }
  }
}

function textOf(error: unknown): string {
  return error instanceof ApiError && error.code !== "network" ? error.message : t("Không có mạng: chưa hỏi được máy chủ.");
}
