/** The lines on a page as elements of SVG: strokes, figures, rules of words. Made by hand, for a page may carry thousands of
 * them: each is made once for its body, and a change touches only what came or went. */
import { type Body, INK_STEPS, inkPath, type Quad, shapePath } from "../ink/index.ts";

/** A mark as it is drawn; one that is not stored yet has no id. */
export interface Drawn {
  readonly id: string | undefined;
  readonly body: Body;
}

/** Where the line through or under a row of words runs: shares of its height from the top. */
const STRIKE_AT = 0.55;
const UNDER_AT = 0.94;

interface Shown {
  readonly body: Body;
  readonly lines: readonly SVGElement[];
}

export class InkLines {
  readonly #group: SVGGElement;
  #shown = new Map<string | Body, Shown>();

  constructor(group: SVGGElement) {
    this.#group = group;
  }

  /** Shows these and nothing else, in this order. */
  show(all: readonly Drawn[]): void {
    const next = new Map(all.map((one) => [one.id ?? one.body, this.#shownAs(one)]));
    for (const [key, { lines }] of this.#shown) if (next.get(key)?.lines !== lines) for (const line of lines) line.remove();
    this.#shown = next;
    let at = this.#group.firstChild;
    for (const { lines } of next.values()) {
      for (const line of lines) {
        if (line === at) at = at.nextSibling;
        else this.#group.insertBefore(line, at);
      }
    }
  }

  #shownAs({ id, body }: Drawn): Shown {
    const shown = this.#shown.get(id ?? body);
    if (!shown || !alike(shown.body, body)) return { body, lines: linesOf(body, id) };
    return shown.body === body ? shown : { body, lines: shown.lines };
  }
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
      return [path({ ...mark, d: inkPath(body), fill: body.color, transform: `scale(${1 / INK_STEPS})` })];
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
