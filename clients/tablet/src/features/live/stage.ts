/** Who shows what in an item, and how this tablet stands to it. Pure. */
import type { Meeting, Person, Presenting } from "@phien/wire";

export type Part = "nobody" | "mine" | "following" | "apart";

export interface Stage {
  readonly presenter: Person | null;
  /** What is shown; null while nothing is. */
  readonly shown: { readonly version: string; readonly page: number; readonly fraction: number } | null;
}

/** The stage of an item. In a closed item only its own stream names the presenter. */
export function stageOf(meeting: Meeting | undefined, item: string, presenting: Presenting | undefined): Stage {
  const onStage = meeting?.state === "live" && (meeting.current_item === item || presenting !== undefined);
  const presenter = onStage ? (presenting?.person ?? meeting.presenter) : null;
  const shown = presenter && presenting && presenting.version_id !== ""
    ? { version: presenting.version_id, page: presenting.page, fraction: presenting.fraction }
    : null;
  return { presenter, shown };
}

export function partOf(stage: Stage, me: string, following: boolean): Part {
  if (!stage.presenter) return "nobody";
  if (stage.presenter.id === me) return "mine";
  return following && stage.shown ? "following" : "apart";
}

/** Fractions of a page as the wire takes them. */
export function inPage(fraction: number): number {
  return Math.min(1, Math.max(0, fraction));
}
