/** Room on this device: whether the browser keeps our storage, how much is used, and whether it threw papers away. */
import { keepStorage } from "@phien/kit/shell.ts";

/** Papers that lay here at the last start, by person: outlives the database where the system takes only that. */
const MARK = "phien.kept";

export interface Room {
  /** Bytes. */
  readonly used: number;
  readonly quota: number;
  /** The browser does not clear it by itself. */
  readonly lasting: boolean;
  /** The system had thrown papers away since the last start: they are fetched anew. */
  readonly evicted: boolean;
}

let evicted = false;

/** Told at each start how many papers were found; a tablet that had some and has none was cleared by its system. */
export function noteKept(person: string, papers: number, readable: boolean): void {
  if (!readable) return; // nothing was counted under a key
  try {
    const before = JSON.parse(localStorage.getItem(MARK) ?? "{}") as Record<string, number>;
    evicted = (before[person] ?? 0) > 0 && papers === 0;
    localStorage.setItem(MARK, JSON.stringify({ ...before, [person]: papers }));
  } catch {
    evicted = false;
  }
}

/** What was given up on purpose is no loss. */
export function forgetKept(person: string): void {
  noteKept(person, 0, true);
  evicted = false;
}

export async function room(): Promise<Room> {
  const { usage = 0, quota = 0 } = await navigator.storage.estimate();
  return { used: usage, quota, lasting: await navigator.storage.persisted(), evicted };
}

/** Asks that the browser keeps our storage; answers whether it does. */
export async function askToKeep(): Promise<boolean> {
  return "storage" in navigator ? keepStorage().catch(() => false) : false;
}
