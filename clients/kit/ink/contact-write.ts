/** Tools that add something: pen, highlighter, figures, words on the page, notes. */
import type { XY } from "../pdf/index.ts";
import { AROUND, type Body, type InkBody, type Quad, type ShapeBody, type TextStyle } from "./body.ts";
import { type Contact, type Deeds, type Ground, NO_PREVIEW, type Paint, type Setting } from "./ground.ts";
import { hits } from "./hit.ts";
import type { Sample } from "./pointer.ts";
import { drawnShape } from "./shapes.ts";
import { encodePoints, type Point, simplify } from "./stroke.ts";

/** The server takes strokes of so many points; a longer one goes on in the next. */
const MOST_POINTS = 4000;
/** Of a highlighter where there is no text to hold on to. */
const BAND_PT = 14;
const BAND_OPACITY = 0.5;
const EVEN = 0.5;
/** The server takes so much of the words under a highlight. */
const LONGEST_QUOTE = 4000;

/** Points of a stroke as strokes that the server takes. */
export function strokes(points: readonly Point[], color: string, w: number): InkBody[] {
  const kept = simplify(points);
  const bodies: InkBody[] = [];
  for (let from = 0; from === 0 || from < kept.length - 1; from += MOST_POINTS - 1) {
    bodies.push({ type: "ink", color, w, pts: encodePoints(kept.slice(from, from + MOST_POINTS)) });
  }
  return bodies;
}

export class PenContact implements Contact {
  readonly #samples: Sample[] = [];
  readonly #paint: Paint;

  constructor(private readonly setting: Setting, private readonly ground: Ground, private readonly deeds: Deeds) {
    this.#paint = ground.paint(setting.width, setting.color, 1);
  }

  extend(samples: readonly Sample[]): void {
    this.#samples.push(...samples);
    this.#paint.add(samples);
  }

  guess(samples: readonly Sample[]): void {
    this.#paint.guess(samples);
  }

  commit(): void {
    this.#paint.clear();
    const points = this.#samples.map((sample) => ({ ...this.ground.user(sample), p: sample.p }));
    if (points.length > 0) this.deeds.write(strokes(points, this.setting.color, this.setting.width));
  }

  forget(): void {
    this.#paint.clear();
  }
}

/** Snaps to the text under it; on a scan the band itself is the highlight. */
export class HighlighterContact implements Contact {
  readonly #samples: Sample[] = [];
  readonly #paint: Paint;

  constructor(private readonly setting: Setting, private readonly ground: Ground, private readonly deeds: Deeds) {
    this.#paint = ground.paint(BAND_PT, setting.color, BAND_OPACITY);
  }

  extend(samples: readonly Sample[]): void {
    const even = samples.map((sample) => ({ ...sample, p: EVEN }));
    this.#samples.push(...even);
    this.#paint.add(even);
  }

  commit(): void {
    this.#paint.clear();
    const [first, last] = [this.#samples[0], this.#samples.at(-1)];
    if (!first || !last) return;
    const text = this.ground.textBetween(first, last);
    const body = text ? highlightOf(text, this.setting.color) : this.#band();
    if (body) this.deeds.write([body]);
  }

  forget(): void {
    this.#paint.clear();
  }

  #band(): Body | null {
    const xs = this.#samples.map((sample) => sample.x);
    const y = this.#samples.reduce((sum, sample) => sum + sample.y, 0) / this.#samples.length;
    const half = (BAND_PT / 2) * this.ground.scale;
    const [left, right] = [Math.min(...xs), Math.max(...xs)];
    if (right - left <= half / 2) return null;
    const corner = (x: number, down: number): [number, number] => {
      const at = this.ground.user({ x, y: y + down });
      return [round(at.x), round(at.y)];
    };
    const quads: Quad[] = [[...corner(left, -half), ...corner(right, -half), ...corner(left, half), ...corner(right, half)]];
    return { type: "highlight", color: this.setting.color, quads, quote: "", prefix: "", suffix: "", style: "highlight" };
  }
}

/** What is selected as the body of a highlight. */
export function highlightOf(
  text: { quads: Quad[]; quote: string; prefix: string; suffix: string }, color: string, style: TextStyle = "highlight",
): Body {
  return {
    type: "highlight", color, style, quads: text.quads, quote: text.quote.slice(0, LONGEST_QUOTE),
    prefix: text.prefix.slice(-AROUND), suffix: text.suffix.slice(0, AROUND),
  };
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}

export class ShapeContact implements Contact {
  #from: XY | null = null;
  #drawn: ShapeBody | null = null;

  constructor(private readonly setting: Setting, private readonly ground: Ground, private readonly deeds: Deeds) {}

  extend(samples: readonly Sample[]): void {
    const last = samples.at(-1);
    if (!last) return;
    const at = this.ground.user(last);
    this.#from ??= at;
    const { shape, color, width } = this.setting;
    this.#drawn = drawnShape(shape, color, width, this.#from, at);
    this.ground.show({ ...NO_PREVIEW, bodies: this.#drawn ? [this.#drawn] : [] });
  }

  commit(): void {
    this.ground.show(NO_PREVIEW);
    if (this.#drawn) this.deeds.write([this.#drawn]);
  }

  forget(): void {
    this.ground.show(NO_PREVIEW);
  }
}

/** Something is placed where the pointer came down. */
abstract class TapContact implements Contact {
  protected at: XY | null = null;

  constructor(protected readonly ground: Ground, protected readonly deeds: Deeds) {}

  extend([first]: readonly Sample[]): void {
    if (first) this.at ??= this.ground.user(first);
  }

  forget(): void {
    this.at = null;
  }

  abstract commit(): void;
}

export class NoteContact extends TapContact {
  commit(): void {
    if (this.at) this.deeds.note(this.at);
  }
}

export class TextContact extends TapContact {
  commit(): void {
    const { at } = this;
    if (!at) return;
    const touched = this.ground.marks.findLast((mark) => mark.mine && mark.body.type === "text" && hits(mark, at.x, at.y, 2, this.ground.box));
    this.deeds.words(at, touched ?? null);
  }
}
