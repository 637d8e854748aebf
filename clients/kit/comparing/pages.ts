/** What became of the pages of an earlier version, as it is told, marked and followed. Pure. */
import type { Changes } from "@phien/wire";

import { t } from "../i18n/index.ts";

/** A place in a paper: how far down a page, from 0 to 1. */
export interface Spot {
  readonly page: number;
  readonly fraction: number;
}

export type PageChange = "changed" | "added";

/** One page to compare: its number in the new version, and in the old one; null where it is not there. */
export interface Pair {
  readonly now: number | null;
  readonly before: number | null;
}

/** What is marked at a page of the new version; null for one that is as it was. */
export function changeOf(changes: Changes | null, page: number): PageChange | null {
  const origin = changes?.pages[page - 1];
  if (!origin || origin.same) return null;
  return origin.old === null ? "added" : "changed";
}

/** Pages that were changed, added or removed, in the order in which one reads; a removed page stands after the one before it. */
export function pairs(changes: Changes): Pair[] {
  const found = changes.pages.flatMap((origin, index): Pair[] => (origin.same ? [] : [{ now: index + 1, before: origin.old }]));
  const gone = changes.removed.map((before): Pair => ({ now: null, before }));
  return [...found, ...gone].sort((a, b) => where(changes, a) - where(changes, b));
}

function where(changes: Changes, { now, before }: Pair): number {
  return now ?? nearest(changes, before ?? 1) + 0.5;
}

/** "3 trang đổi, 1 trang thêm, 1 trang bỏ". */
export function told(changes: Changes): string {
  const count = (kind: PageChange): number => changes.pages.filter((_, index) => changeOf(changes, index + 1) === kind).length;
  const [changed, added, removed] = [count("changed"), count("added"), changes.removed.length];
  const said = [
    changed > 0 ? t("{count} trang đổi", { count: changed }) : "",
    added > 0 ? t("{count} trang thêm", { count: added }) : "",
    removed > 0 ? t("{count} trang bỏ", { count: removed }) : "",
  ].filter(Boolean);
  return said.length > 0 ? said.join(", ") : t("Nội dung các trang không đổi");
}

/** The page of the new version that holds what a page of the old one held, or stands where it stood. */
export function pageNow(changes: Changes, old: number): number {
  const index = changes.pages.findIndex((origin) => origin.old === old);
  return index < 0 ? nearest(changes, old) : index + 1;
}

/** The same place in the new version: as far down the same page; at the top where that page is gone. */
export function placeNow(changes: Changes, place: Spot): Spot {
  const there = changes.pages.some((origin) => origin.old === place.page);
  return { page: pageNow(changes, place.page), fraction: there ? place.fraction : 0 };
}

/** Where the last page before `old` that is still there has gone; 1 where none is. */
function nearest(changes: Changes, old: number): number {
  for (let before = old - 1; before > 0; before--) {
    const index = changes.pages.findIndex((origin) => origin.old === before);
    if (index >= 0) return index + 1;
  }
  return 1;
}
