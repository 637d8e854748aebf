/** The lines of words written on a page: broken by the measure of their letters, the same wherever they are drawn. */
import type { TextBody } from "./body.ts";

/** Baseline to baseline, as a multiple of the size of the letters; the first baseline lies `ASCENT` under the top. */
export const LEADING = 1.35;
export const ASCENT = 1.02;
export const TEXT_FONT = '"Be Vietnam Pro", "Segoe UI", Roboto, "Noto Sans", system-ui, sans-serif';

/** Width of words at a size of 1. */
export type Measure = (words: string) => number;

const MEASURED_AT = 100;
/** Of a middling letter, where nothing can measure. */
const LETTER = 0.55;
let context: CanvasRenderingContext2D | null | undefined;

/** By the font that the page is drawn with. */
export function measureText(words: string): number {
  context ??= typeof document === "undefined" ? null : document.createElement("canvas").getContext("2d");
  if (!context) return words.length * LETTER;
  context.font = `${String(MEASURED_AT)}px ${TEXT_FONT}`;
  return context.measureText(words).width / MEASURED_AT;
}

/** Broken between words where a line is full, and inside a word that is longer than a line. `room` is in sizes. */
export function breakLines(text: string, room: number, measure: Measure): string[] {
  return text.split("\n").flatMap((paragraph) => {
    const lines: string[] = [];
    let line = "";
    for (const piece of paragraph.split(/(?<= )/)) {
      if (line !== "" && measure((line + piece).trimEnd()) > room) {
        lines.push(line.trimEnd());
        line = "";
      }
      line += piece;
      while (line.length > 1 && measure(line.trimEnd()) > room) {
        const fits = longest(line, room, measure);
        lines.push(line.slice(0, fits));
        line = line.slice(fits);
      }
    }
    return [...lines, line.trimEnd()];
  });
}

/** How many letters fit, at least one. */
function longest(word: string, room: number, measure: Measure): number {
  let fits = 1;
  while (fits < word.length && measure(word.slice(0, fits + 1)) <= room) fits += 1;
  return fits;
}

const broken = new WeakMap<TextBody, string[]>();

/** The lines of a stored text, broken once for each body: bodies never change. */
export function textLines(body: TextBody): string[] {
  let lines = broken.get(body);
  if (!lines) {
    lines = breakLines(body.text, body.width / body.size, measureText);
    broken.set(body, lines);
  }
  return lines;
}

/** Height of the lines in points. */
export function textHeight(body: TextBody): number {
  return textLines(body).length * body.size * LEADING;
}
