/** Who draws when pens, fingers, palms and mice touch the page: a pure state machine over pointer events. */

export type PointerKind = "pen" | "touch" | "mouse";
/** "auto": fingers draw until a pen is seen on this device. */
export type FingerRule = "auto" | "always" | "never";

/** A place of the pointer; x and y in whatever units the caller uses, time in ms. */
export interface Sample {
  readonly x: number;
  readonly y: number;
  readonly p: number;
  readonly t: number;
}

export interface PointerInput {
  readonly at: "down" | "move" | "up" | "cancel";
  readonly id: number;
  readonly kind: PointerKind;
  /** All samples of this event, the coalesced ones too, oldest first. */
  readonly samples: readonly Sample[];
  /** Main button or tip; other buttons never draw. */
  readonly main: boolean;
}

export interface DrawState {
  readonly penSeen: boolean;
  readonly fingers: FingerRule;
  /** The pointer that draws now. */
  readonly active: { readonly id: number; readonly kind: PointerKind; readonly since: number } | null;
}

/** What the page must do: start, go on, keep what there is, or forget the fresh stroke. */
export type Effect =
  | { readonly do: "begin" | "extend"; readonly samples: readonly Sample[] }
  | { readonly do: "commit" }
  | { readonly do: "forget" };

export interface Outcome {
  readonly state: DrawState;
  readonly effects: readonly Effect[];
  /** The event belongs to the drawing: no scrolling, no zooming. */
  readonly taken: boolean;
}

/** A second finger this soon means pinch, not ink. */
export const PINCH_WINDOW_MS = 80;

export function drawState(fingers: FingerRule = "auto", penSeen = false): DrawState {
  return { penSeen, fingers, active: null };
}

/** The next state and what to do for one pointer event. */
export function pointer(state: DrawState, input: PointerInput): Outcome {
  const seen = input.kind === "pen" && !state.penSeen ? { ...state, penSeen: true } : state;
  if (input.at === "down") return down(seen, input);
  if (seen.active?.id !== input.id) {
    // While a pen is down a resting palm must not scroll either.
    return { state: seen, effects: [], taken: seen.active?.kind === "pen" };
  }
  if (input.at === "move") return { state: seen, effects: [{ do: "extend", samples: input.samples }], taken: true };
  // A cancelled pointer is a pause, not a mistake: what was written stays.
  const rest: Effect[] = input.at === "up" ? [{ do: "extend", samples: input.samples }] : [];
  return { state: { ...seen, active: null }, effects: [...rest, { do: "commit" }], taken: true };
}

function down(state: DrawState, input: PointerInput): Outcome {
  const since = input.samples[0]?.t ?? 0;
  const { active } = state;
  const start: Outcome = {
    state: { ...state, active: { id: input.id, kind: input.kind, since } },
    effects: [{ do: "begin", samples: input.samples }],
    taken: true,
  };
  if (active === null) return mayDraw(state, input) ? start : { state, effects: [], taken: false };
  // The pen wins over a finger that draws: that finger was the palm.
  if (input.kind === "pen" && active.kind !== "pen") {
    return { ...start, effects: [{ do: "forget" }, ...start.effects] };
  }
  if (input.kind === "touch" && active.kind === "touch" && since - active.since <= PINCH_WINDOW_MS) {
    return { state: { ...state, active: null }, effects: [{ do: "forget" }], taken: false };
  }
  return { state, effects: [], taken: true };
}

function mayDraw(state: DrawState, input: PointerInput): boolean {
  if (!input.main) return false;
  if (input.kind !== "touch") return true;
  return state.fingers === "always" || (state.fingers === "auto" && !state.penSeen);
}
