/** One's meetings as screens read them: own part from `u:`, the rest from `m:` and `i:`. */
import type { Held } from "@phien/kit/vault";
import type { Item, Paper } from "@phien/wire";

import type { Live } from "../../runtime/live.svelte.ts";
import { entries, type Entry, lines, listed, unseen } from "./agenda.ts";
import { type Mine, worthFollowing } from "./calendar.ts";

export interface ItemPapers {
  readonly entry: Entry;
  readonly papers: readonly Paper[];
}

export function myMeetings(app: Live, now: number): Mine[] {
  const list = app.mine.all("my_meeting");
  const near = worthFollowing(list, now);
  return list.filter((my) => near.includes(my.id)).map((my) => ({ my, meeting: app.stream(`m:${my.id}`).get("meeting", my.id) }));
}

export function agendaOf(app: Live, meeting: string): Entry[] {
  return entries(app.stream(`m:${meeting}`).all("item"));
}

export function papersOf(app: Live, item: Pick<Item, "id">): Paper[] {
  return listed(app.stream(`i:${item.id}`).all("paper"));
}

/** The same as an item shows them, with those that are handed out printed. */
export function linesOf(app: Live, item: Pick<Item, "id">): Paper[] {
  return lines(app.stream(`i:${item.id}`).all("paper"));
}

/** All papers of a meeting that one may see, by item. */
export function meetingPapers(app: Live, meeting: string): ItemPapers[] {
  return agendaOf(app, meeting).map((entry) => ({ entry, papers: papersOf(app, entry.item) }));
}

export function heldOf(paper: Paper): Held | null {
  if (!paper.version || paper.version.mark === "waiting") return null;
  const { id, size, scan, edition } = paper.version;
  return { version: id, size, edition, stream: `i:${paper.item_id}`, ...(scan?.state === "done" ? { read: true } : {}) };
}

export function isNew(app: Live, paper: Paper): boolean {
  return unseen([paper], (version) => app.mine.get("opened", version) !== undefined).length > 0;
}

/** How many of the papers open, are searched and shown without network. */
export function onDevice(app: Live, papers: readonly Paper[]): number {
  return papers.filter((paper) => {
    const held = heldOf(paper);
    return held !== null && app.progress(held).ready;
  }).length;
}
