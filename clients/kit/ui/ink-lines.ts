/** The lines on a page as elements of SVG: strokes, figures, rules of words. Made by hand, for a page may carry thousands of
 * them: each is made once for its body, many strokes that come at once share an element, and a change touches only what
 * came or went. */
import { type Body, INK_STEPS, type InkBody, inkPath, type Quad, shapePath } from "../ink/index.ts";

/** A mark as it is drawn; one that is not stored yet has no id. */
export interface Drawn {
  readonly id: string | undefined;
  readonly body: Body;
}

/** Where the line through or under a row of words runs: shares of its height from the top. */
const STRIKE_AT = 0.55;
const UNDER_AT = 0.94;
/** So many strokes that come at once share an element; fewer have one each. */
const MANY = 8;
/** No more than this: an element is drawn anew when one of its strokes goes. */
const MOST = 32;
/** Nor farther apart than this from where the first of them begins, in steps: what is large is drawn in many pieces. */
const NEAR = 20_000;
const INK_SCALE = `scale(${String(1 / INK_STEPS)})`;

/** Marks that follow one another, and what is drawn of them. */
interface Row {
  readonly marks: readonly Drawn[];
  readonly lines: readonly SVGElement[];
}

export class InkLines {
  readonly #group: SVGGElement;
  #rows = new Map<string | Body, Row>();

  constructor(group: SVGGElement) {
    this.#group = group;
  }

  /** Shows these and nothing else, in this order. */
  show(all: readonly Drawn[]): void {
    const next = this.#rowsOf(all);
    const kept = new Set(next.flatMap(({ lines }) => lines));
    for (const { lines } of this.#rows.values()) for (const line of lines) if (!kept.has(line)) line.remove();
    this.#rows = new Map(next.flatMap((row) => (row.marks[0] ? [[keyOf(row.marks[0]), row]] : [])));
    let at = this.#group.firstChild;
    for (const { lines } of next) {
      for (const line of lines) {
        if (line === at) at = at.nextSibling;
        else this.#group.insertBefore(line, at);
      }
    }
  }

  /** Rows that still stand as they were, and between them new ones. */
  #rowsOf(all: readonly Drawn[]): Row[] {
    const rows: Row[] = [];
    let fresh = 0; // from here on nothing has a row yet
    for (let i = 0; i < all.length;) {
      const row = this.#standing(all, i);
      if (row) {
        rows.push(...made(all.slice(fresh, i)), row);
        i += row.marks.length;
        fresh = i;
      } else i += 1;
    }
    return [...rows, ...made(all.slice(fresh))];
  }

  /** The row that was drawn for exactly what stands here, with the bodies it has now. */
  #standing(all: readonly Drawn[], from: number): Row | null {
    const first = all[from];
    const row = first && this.#rows.get(keyOf(first));
    if (!row) return null;
    const now = all.slice(from, from + row.marks.length);
    return row.marks.every((mark, i) => now[i] && keyOf(mark) === keyOf(now[i]) && alike(mark.body, now[i].body)) ? { marks: now, lines: row.lines } : null;
  }
}

function keyOf({ id, body }: Drawn): string | Body {
  return id ?? body;
}

/** Marks of which nothing is drawn yet. */
function made(fresh: readonly Drawn[]): Row[] {
  const rows: Row[] = [];
  for (let i = 0; i < fresh.length;) {
    const together = togetherFrom(fresh, i); // at least this one
    if (together.length >= MANY) rows.push({ marks: together, lines: [linesTogether(together)] });
    else rows.push(...together.map((mark) => ({ marks: [mark], lines: linesOf(mark.body, mark.id) })));
    i += together.length;
  }
  return rows;
}

interface DrawnInk extends Drawn {
  readonly body: InkBody;
}

/** The mark that stands here, with the strokes after it that may share its element: what has one colour may be joined. */
function togetherFrom(all: readonly Drawn[], from: number): Drawn[] {
  const [first] = all.slice(from, from + 1);
  if (!first || !isInk(first)) return first ? [first] : [];
  const together = [first];
  const [x = 0, y = 0] = first.body.pts;
  for (let i = from + 1; i < all.length && together.length < MOST; i += 1) {
    const next = all[i];
    if (!next || !isInk(next) || next.body.color !== first.body.color) break;
    const [nextX = 0, nextY = 0] = next.body.pts;
    if (Math.abs(nextX - x) > NEAR || Math.abs(nextY - y) > NEAR) break;
    together.push(next);
  }
  return together;
}

function isInk(mark: Drawn): mark is DrawnInk {
  return mark.body.type === "ink";
}

function linesTogether(marks: readonly Drawn[]): SVGElement {
  const bodies = marks.filter(isInk).map(({ body }) => body);
  const d = bodies.map(inkPath).join("");
  return path({ "data-marks": marks.length, d, fill: bodies[0]?.color, transform: INK_SCALE });
}

/** The same mark said anew: by the server what this tablet had written, or a whole stream again. */
function alike(a: Body, b: Body): boolean {
  if (a === b) return true;
  if (a.type !== "ink" || b.type !== "ink") return JSON.stringify(a) === JSON.stringify(b);
  return a.color === b.color && a.w === b.w && a.pts.length === b.pts.length && a.pts.every((value, at) => value === b.pts[at]);
}

function linesOf(body: Body, id: string | undefined): SVGElement[] {
  const mark = { "data-mark": id };
  switch (body.type) {
    case "ink":
      return [path({ ...mark, d: inkPath(body), fill: body.color, transform: INK_SCALE })];
    case "shape":
      return [path({ ...mark, class: "line", d: shapePath(body), stroke: body.color, "stroke-width": body.w, "data-shape": body.shape })];
    case "highlight":
      if (body.style === undefined || body.style === "highlight") return [];
      return body.quads.map((quad) => path({
        ...mark, class: "line", d: rule(quad, body.style === "strike" ? STRIKE_AT : UNDER_AT), stroke: body.color, "stroke-width": thickness(quad),
        "data-style": body.style,
      }));
    default:
      return [];
  }
}

function path(attributes: Readonly<Record<string, string | number | undefined>>): SVGPathElement {
  const made = document.createElementNS("http://www.w3.org/2000/svg", "path");
  for (const [name, value] of Object.entries(attributes)) if (value !== undefined) made.setAttribute(name, String(value));
  return made;
}

function rule([ulx, uly, urx, ury, llx, lly, lrx, lry]: Quad, share: number): string {
  const at = (a: number, b: number): string => String(a + (b - a) * share);
  return `M${at(ulx, llx)} ${at(uly, lly)}L${at(urx, lrx)} ${at(ury, lry)}`;
}

/** As thick as a pen would make it for letters of this height. */
function thickness([ulx, uly, , , llx, lly]: Quad): number {
  return Math.min(2.4, Math.max(0.9, Math.hypot(llx - ulx, lly - uly) * 0.09));
}
