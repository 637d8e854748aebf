/** One's meetings in order: what is on now or next, what comes after, what waits for an answer. Pure. */
import type { Meeting, MyMeeting } from "@phien/wire";

export interface Mine {
  readonly my: MyMeeting;
  /** Unknown until its stream has come. */
  readonly meeting: Meeting | undefined;
}

export interface Calendar {
  /** The one that is live, else the next. */
  readonly next: Mine | null;
  readonly later: readonly Mine[];
  /** Without an answer, the nearest first. */
  readonly unanswered: readonly Mine[];
}

/** A sitting that nobody ended is not "next" for ever. */
const STALE_MS = 12 * 3_600_000;

export function startsAt({ my, meeting }: Mine): string {
  return meeting?.starts_at ?? my.starts_at;
}

/** Whether it may still come or is on now. */
export function isAhead(mine: Mine, now: number): boolean {
  const state = mine.meeting?.state;
  if (state === "live") return true;
  if (state === "ended") return false;
  if (state === "postponed") return true;
  return Date.parse(startsAt(mine)) > now - STALE_MS;
}

export function calendar(list: readonly Mine[], now: number): Calendar {
  const ahead = list.filter((mine) => isAhead(mine, now)).sort((a, b) => startsAt(a).localeCompare(startsAt(b)));
  const takesPlace = (mine: Mine): boolean => mine.meeting?.state === "convened" || mine.meeting?.state === "live";
  const next = ahead.find((mine) => mine.meeting?.state === "live") ?? ahead.find(takesPlace) ?? null;
  return {
    next,
    later: ahead.filter((mine) => mine !== next),
    unanswered: ahead.filter((mine) => takesPlace(mine) && mine.my.invited_at !== null && mine.my.answer === "none" && mine.my.role !== "secretary"),
  };
}

/** Whether tablets get ready for it, or are in it. */
export function isComing({ state }: Meeting): boolean {
  return state === "convened" || state === "live" || state === "postponed";
}

/** Ids of the meetings whose streams the tablet keeps: all that may still come, the nearest first. */
export function worthFollowing(list: readonly MyMeeting[], now: number, most = 40): string[] {
  const distance = (my: MyMeeting): number => Math.abs(Date.parse(my.starts_at) - now);
  return [...list].sort((a, b) => distance(a) - distance(b)).slice(0, most).map((my) => my.id);
}

/** Whole minutes until it starts; null when it is further away than two hours, or has begun. */
export function minutesUntil(startsAt: string, now: number): number | null {
  const minutes = Math.ceil((Date.parse(startsAt) - now) / 60_000);
  return minutes > 0 && minutes <= 120 ? minutes : null;
}
