/** Which papers are fetched before a meeting, in which order, and how far that has come. Pure. */
import type { Held, Progress } from "@phien/kit/vault";
import { CHUNK_BYTES } from "@phien/kit/vault";

import { isAhead, type Mine, startsAt } from "../meetings/calendar.ts";

/** A meeting that begins within such a time is fetched by itself. */
const NEAR_MS = 48 * 3_600_000;

/** From then on a tablet tests itself. */
const DAY_MS = 24 * 3_600_000;

/** What a person has said about fetching, by meeting. */
export interface Said {
  readonly asked: ReadonlySet<string>;
  readonly paused: ReadonlySet<string>;
}

export function isNear(mine: Mine, now: number): boolean {
  const state = mine.meeting?.state;
  if (state === "live") return true;
  return state === "convened" && isAhead(mine, now) && Date.parse(startsAt(mine)) - now <= NEAR_MS;
}

/** Whether the tablet tests itself for it by itself now. */
export function isDue(mine: Mine, now: number): boolean {
  return isNear(mine, now) && Date.parse(startsAt(mine)) - now <= DAY_MS;
}

/** Ids of the meetings whose papers are fetched: near or asked for, not paused, the nearest first. */
export function fetched(list: readonly Mine[], { asked, paused }: Said, now: number): string[] {
  const wanted = list.filter((mine) => isAhead(mine, now) && (isNear(mine, now) || asked.has(mine.my.id)) && !paused.has(mine.my.id));
  const distance = (mine: Mine): number => (mine.meeting?.state === "live" ? 0 : Math.max(0, Date.parse(startsAt(mine)) - now));
  return [...wanted].sort((a, b) => distance(a) - distance(b)).map((mine) => mine.my.id);
}

export interface Come {
  readonly papers: number;
  readonly ready: number;
  /** Could not be fetched at the last try. */
  readonly failed: number;
  /** Bytes. */
  readonly have: number;
  readonly size: number;
}

/** How far the papers of a meeting have come; `look` tells of one. */
export function come(papers: readonly Held[], look: (held: Held) => { progress: Progress; failed: boolean }): Come {
  const sum = { papers: papers.length, ready: 0, failed: 0, have: 0, size: 0 };
  for (const held of papers) {
    const { progress, failed } = look(held);
    sum.size += held.size;
    sum.have += Math.min(held.size, progress.have * CHUNK_BYTES);
    if (progress.ready) sum.ready++;
    else if (failed) sum.failed++;
  }
  return sum;
}

/** What the meeting's line says. `kept`: nothing of this meeting is kept on tablets. */
export type Standing = "none" | "ready" | "kept" | "paused" | "later" | "offline" | "full" | "failed" | "fetching";

export function standing(
  { papers, ready, failed }: Come,
  at: { readonly keeps: boolean; readonly online: boolean; readonly full: boolean; readonly wanted: boolean; readonly paused: boolean },
): Standing {
  if (papers === 0) return "none";
  if (!at.keeps) return "kept";
  if (ready === papers) return "ready";
  if (at.paused) return "paused";
  if (!at.wanted) return "later";
  if (!at.online) return "offline";
  if (at.full) return "full";
  return failed > 0 && failed === papers - ready ? "failed" : "fetching";
}
