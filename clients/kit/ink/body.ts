/** What an annotation says. Coordinates are PDF user space of the unrotated page, in points. */

/** Eight numbers in points: upper left, upper right, lower left, lower right, each x then y. */
export type Quad = [number, number, number, number, number, number, number, number];

export interface InkBody {
  type: "ink";
  /** "#rrggbb" */
  color: string;
  /** Width in points at middle pressure. */
  w: number;
  /** Centre line, see `encodePoints`. */
  pts: number[];
}

export type TextStyle = "highlight" | "underline" | "strike";

export interface HighlightBody {
  type: "highlight";
  color: string;
  quads: Quad[];
  /** The words under it, so that it can be found again in a new version. */
  quote: string;
  /** Words before and after, at most `AROUND` characters each. */
  prefix?: string;
  suffix?: string;
  /** Without it: "highlight". */
  style?: TextStyle;
}

/** How many characters around a quote are kept. */
export const AROUND = 64;

export interface NoteBody {
  type: "note";
  /** Place of the pin, in points. */
  x: number;
  y: number;
  text: string;
  /** The note that these words were a parallel version of. */
  fork_of?: string | null;
}

export type ShapeKind = "arrow" | "line" | "rect";

export interface ShapeBody {
  type: "shape";
  shape: ShapeKind;
  color: string;
  w: number;
  /** From here to there; for a rectangle any two corners that face each other. The head of an arrow is there. */
  x1: number;
  y1: number;
  x2: number;
  y2: number;
}

export interface TextBody {
  type: "text";
  /** Upper left corner of the words as they are read on the shown page. */
  x: number;
  y: number;
  /** Lines are broken at this width. */
  width: number;
  /** Of the letters, in points. */
  size: number;
  color: string;
  text: string;
  fork_of?: string | null;
}

export type Body = InkBody | HighlightBody | NoteBody | ShapeBody | TextBody;

/** An annotation as it is drawn. */
export interface Mark<B extends Body = Body> {
  readonly id: string;
  readonly body: B;
  /** Shared marks carry the name of who made them; own ones have none. */
  readonly author?: string | undefined;
  /** Of a named group: its authors and pins are told from those that everybody sees. */
  readonly group?: boolean;
  /** Whether this person may erase it. */
  readonly mine: boolean;
}
