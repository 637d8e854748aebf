/** Streams as runes: what a component reads here is read again whenever the stream moves. */
import type { AnyEntity } from "@phien/wire";
import { onDestroy } from "svelte";
import { SvelteMap } from "svelte/reactivity";

import { session } from "./session.svelte.ts";

type Kind = AnyEntity["kind"];
export type Of<K extends Kind> = Extract<AnyEntity, { kind: K }>;

/** A stream stays followed so long after its screen closed: the next screen of the same meeting stands at once. */
const LINGER_MS = 3_000;

/** Follows the streams that `ids` names, for as long as the component lives. Make it while a component is set up. */
export class Following {
  readonly #moves = new SvelteMap<string, number>();
  // eslint-disable-next-line svelte/prefer-svelte-reactivity -- nothing that is shown reads it
  readonly #stops = new Map<string, () => void>();

  constructor(ids: () => readonly string[]) {
    $effect(() => { this.#follow(ids()); });
    onDestroy(() => { for (const stop of this.#stops.values()) setTimeout(stop, LINGER_MS); });
  }

  /** Entities of one kind in a stream, in no order. */
  all<K extends Kind>(stream: string, kind: K): Of<K>[] {
    this.#moves.get(stream);
    const found: Of<K>[] = [];
    for (const entity of session.streams.view(stream).entities.values()) if (entity.kind === kind) found.push(entity as Of<K>);
    return found;
  }

  standing(stream: string): "joining" | "live" | "denied" {
    this.#moves.get(stream);
    return session.streams.view(stream).standing;
  }

  #follow(wanted: readonly string[]): void {
    for (const [id, stop] of this.#stops) {
      if (wanted.includes(id)) continue;
      this.#stops.delete(id);
      setTimeout(stop, LINGER_MS);
    }
    for (const id of wanted) {
      if (this.#stops.has(id)) continue;
      const stop = session.streams.follow(id, () => { this.#moves.set(id, (this.#moves.get(id) ?? 0) + 1); });
      this.#stops.set(id, stop);
    }
  }
}
