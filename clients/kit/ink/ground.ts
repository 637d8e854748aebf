/** Between a tool and the page under it: what the tool may know, what it may show, what it says it has done.
 * Places of samples are those of the window. */
import type { PageBox, Selected, XY } from "../pdf/index.ts";
import type { Body, Mark, ShapeKind } from "./body.ts";
import type { Sample } from "./pointer.ts";

export type InkTool = "pen" | "highlighter" | "shape" | "text" | "note" | "eraser" | "lasso";

/** The tool in the hand. */
export interface Setting {
  readonly tool: InkTool;
  /** "#rrggbb" */
  readonly color: string;
  /** Width of lines in points. */
  readonly width: number;
  readonly shape: ShapeKind;
  /** The eraser takes parts of strokes, not whole ones. */
  readonly partial: boolean;
}

/** What stands on the page while the pointer is down, instead of what is stored. */
export interface Preview {
  readonly hidden: ReadonlySet<string>;
  readonly bodies: readonly Body[];
  /** The lasso, in user space. */
  readonly loop: readonly XY[];
}

export const NO_PREVIEW: Preview = { hidden: new Set(), bodies: [], loop: [] };

/** One act on marks that are there; one step of undo. */
export interface Rewriting {
  readonly gone: readonly string[];
  /** What comes, and instead of which mark: it lies where that one lay, and nobody else reads it. */
  readonly put: readonly { readonly body: Body; readonly of: string }[];
  /** Words keep their id when they change or move. */
  readonly edit: readonly { readonly id: string; readonly body: Body }[];
}

/** The live stroke, in places of the window. */
export interface Paint {
  add(samples: readonly Sample[]): void;
  guess(samples: readonly Sample[]): void;
  clear(): void;
}

export interface Ground {
  readonly box: PageBox;
  /** CSS pixels a point. */
  readonly scale: number;
  /** All marks of the page, oldest first. */
  readonly marks: readonly Mark[];
  /** Own marks that the lasso has taken. */
  readonly chosen: readonly Mark[];
  /** A place of the window in user space. */
  user(at: XY): XY;
  textBetween(from: XY, to: XY): Selected | null;
  /** Begins a live stroke; `width` in points. */
  paint(width: number, color: string, opacity: number): Paint;
  show(preview: Preview): void;
}

/** What became of it. */
export interface Deeds {
  write(bodies: readonly Body[]): void;
  change(rewriting: Rewriting): void;
  choose(ids: readonly string[]): void;
  /** Place for a new note. */
  note(at: XY): void;
  /** Place for new words on the page, or the own ones that were touched. */
  words(at: XY, mark: Mark | null): void;
}

export interface Contact {
  extend(samples: readonly Sample[]): void;
  guess?(samples: readonly Sample[]): void;
  commit(): void;
  forget(): void;
}
