/** What an annotation says: ink, highlight or note. Coordinates are PDF user space of the unrotated page. */

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

export interface HighlightBody {
  type: "highlight";
  color: string;
  quads: Quad[];
  /** The words under it, so that it can be found again in a new version. */
  quote: string;
}

export interface NoteBody {
  type: "note";
  /** Place of the pin, in points. */
  x: number;
  y: number;
  text: string;
}

export type Body = InkBody | HighlightBody | NoteBody;

/** An annotation as it is drawn. */
export interface Mark<B extends Body = Body> {
  readonly id: string;
  readonly body: B;
  /** Shared marks carry the name of who made them; own ones have none. */
  readonly author?: string | undefined;
  /** Whether this person may erase it. */
  readonly mine: boolean;
}
