/** The agenda as a list: its order, its numbers, its sums, which item is shown. Pure. */
import type { Item, Paper } from "@phien/wire";

export interface Entry {
  readonly item: Item;
  /** As spoken in the room, from 1; null for the papers of the meeting itself. */
  readonly number: number | null;
}

export function entries(items: readonly Item[]): Entry[] {
  const sorted = [...items].sort((a, b) => Number(b.general) - Number(a.general) || a.position - b.position);
  let number = 0;
  return sorted.map((item) => ({ item, number: item.general ? null : ++number }));
}

/** Papers of an item in order; recalled ones are told where they were open, not listed. */
export function listed(papers: readonly Paper[]): Paper[] {
  return papers.filter((paper) => paper.version !== null).sort((a, b) => a.position - b.position);
}

/** The same, and lines of papers that are handed out printed: they have nothing to open. */
export function lines(papers: readonly Paper[]): Paper[] {
  return papers.filter((paper) => paper.version !== null || paper.state === "printed").sort((a, b) => a.position - b.position);
}

/** What a reader has not opened yet in its present version. */
export function unseen(papers: readonly Paper[], opened: (version: string) => boolean): Paper[] {
  return papers.filter((paper) => paper.version !== null && !opened(paper.version.id));
}

/** Which item stands at the side: the one chosen by hand, else the one under discussion, else the first. */
export function shownItem(list: readonly Entry[], chosen: string | null, current: string | null): Entry | undefined {
  const find = (id: string | null): Entry | undefined => list.find((entry) => entry.item.id === id);
  return find(chosen) ?? find(current) ?? list.find((entry) => !entry.item.general) ?? list[0];
}

export function totalMinutes(list: readonly Entry[]): number {
  return list.reduce((sum, entry) => sum + entry.item.minutes, 0);
}
