/** Searching people while words are typed: the last question wins, earlier answers are dropped. */
import { get } from "@phien/kit/net";
import type { PeoplePage, Person, PersonView } from "@phien/wire";

import { sentence } from "../../act.svelte.ts";
import { setOf } from "../../collections.ts";
import { postWords, spanWords } from "./posts.ts";

const WAIT_MS = 160;

export class PeopleSearch {
  people = $state.raw<PersonView[]>([]);
  total = $state(0);
  failed = $state<string | null>(null);
  asking = $state(false);
  #serial = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  readonly #limit: number;
  readonly #coming: boolean;

  /** `limit`: people on a page; `coming`: a body also shows who has a post there that is still to begin. */
  constructor(limit: number, coming = false) {
    this.#limit = limit;
    this.#coming = coming;
  }

  /** Asks soon; `body` also finds people of the bodies below it. */
  ask(q: string, body: string | null = null): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#load(q, body, 0), WAIT_MS);
  }

  async more(q: string, body: string | null): Promise<void> {
    await this.#load(q, body, this.people.length);
  }

  async #load(q: string, body: string | null, offset: number): Promise<void> {
    const serial = ++this.#serial;
    this.asking = true;
    const query = `q=${encodeURIComponent(q)}&limit=${this.#limit}&offset=${offset}${this.#coming ? "&coming=true" : ""}${body ? `&body=${encodeURIComponent(body)}` : ""}`;
    try {
      const page = await get<PeoplePage>(`/directory/people?${query}`);
      if (serial !== this.#serial) return;
      this.people = offset === 0 ? page.people : [...this.people, ...page.people];
      this.total = page.total;
      this.failed = null;
    } catch (error) {
      if (serial === this.#serial) this.failed = sentence(error);
    } finally {
      if (serial === this.#serial) this.asking = false;
    }
  }
}

/** Who of the directory bears exactly this name, marks included: more than one are namesakes, to be told apart. */
export async function bearersOf(name: string): Promise<PersonView[]> {
  const page = await get<PeoplePage>(`/directory/people?q=${encodeURIComponent(name)}&limit=30`);
  return page.people.filter((each) => each.full_name === name);
}

/** Names that more than one of these people bear. */
export function shared(people: readonly Pick<PersonView, "full_name">[]): ReadonlySet<string> {
  const names = people.map((each) => each.full_name);
  return setOf(names.filter((name, index) => names.indexOf(name) !== index));
}

/** A person as meetings name one: with the main post. */
export function asPerson(view: PersonView): Person {
  return { id: view.id, name: view.full_name, title: view.postings[0]?.title ?? "" };
}

/** "Chủ tịch · UBND thành phố": the main post and where; of who holds none yet the next one, "…, từ 01/12/2026". */
export function postOf(view: PersonView): string {
  const [held] = view.postings;
  if (held) return postWords(held.title, held.body_name);
  const [next] = view.coming;
  return next ? `${postWords(next.title, next.body_name)}, ${spanWords(next)}` : "";
}
