/** Finds words in the text of pages, whether they are typed with accents or without. Pure. */
import { fold, type Folded, plain } from "./fold.ts";

/** Characters `from` to before `to` of the text. */
export interface Found {
  readonly from: number;
  readonly to: number;
}

/** A place where the words stand, with a little of what stands around them. */
export interface Hit {
  readonly page: number;
  /** Which of the page's hits, from 0. */
  readonly nth: number;
  readonly before: string;
  readonly words: string;
  readonly after: string;
}

export interface Searched {
  readonly hits: readonly Hit[];
  /** All there are; `hits` may hold fewer. */
  readonly total: number;
}

/** Shorter words are found only where a word begins: "an" is not looked for inside "ban". */
const INSIDE_FROM = 4;
const AROUND = 60;
const WORD = /[\p{L}\p{N}]/u;

/** All places of `query` in `text`. Words typed with accents must have the same ones, wherever the tone stands (hoà, hòa). */
export function find(text: string | Folded, query: string): Found[] {
  const asked = trimmed(fold(query));
  const folded = typeof text === "string" ? fold(text) : text;
  const found: Found[] = [];
  if (asked.text === "") return found;
  for (let at = folded.text.indexOf(asked.text); at >= 0; at = folded.text.indexOf(asked.text, at + 1)) {
    if (!beginsWell(folded.text, at, asked.text) || !sameAccents(folded, at, asked)) continue;
    found.push({ from: folded.from[at] ?? 0, to: folded.to[at + asked.text.length - 1] ?? 0 });
    at += asked.text.length - 1;
  }
  return found;
}

/** Looks through the pages of a paper (`pages[0]` is page 1); at most `most` hits are told in words. */
export function search(pages: readonly string[], query: string, most = 200): Searched {
  const hits: Hit[] = [];
  let total = 0;
  const asked = plain(query).trim();
  if (asked === "") return { hits, total };
  const folded = plainPages(pages);
  pages.forEach((text, index) => {
    if (!folded[index]?.includes(asked)) return;
    find(text, query).forEach((found, nth) => {
      total += 1;
      if (hits.length < most) hits.push({ page: index + 1, nth, ...around(text, found) });
    });
  });
  return { hits, total };
}

const plains = new WeakMap<readonly string[], readonly string[]>();

/** Folded once for each paper, not at each key that is pressed. */
function plainPages(pages: readonly string[]): readonly string[] {
  const known = plains.get(pages);
  if (known) return known;
  const made = pages.map(plain);
  plains.set(pages, made);
  return made;
}

function trimmed(folded: Folded): Folded {
  const start = folded.text.length - folded.text.trimStart().length;
  const text = folded.text.trim();
  const cut = <T>(list: readonly T[]): T[] => list.slice(start, start + text.length);
  return { text, from: cut(folded.from), to: cut(folded.to), marks: cut(folded.marks) };
}

function beginsWell(text: string, at: number, asked: string): boolean {
  if (asked.length >= INSIDE_FROM || at === 0 || !WORD.test(asked.charAt(0))) return true;
  return !WORD.test(text.charAt(at - 1));
}

/** Word by word: one typed without accents finds any, one typed with them only its own. */
function sameAccents(folded: Folded, at: number, asked: Folded): boolean {
  let [mine, theirs] = ["", ""];
  for (let index = 0; index <= asked.text.length; index++) {
    if (index === asked.text.length || asked.text[index] === " ") {
      if (mine !== "" && sorted(mine) !== sorted(theirs)) return false;
      [mine, theirs] = ["", ""];
      continue;
    }
    mine += asked.marks[index] ?? "";
    theirs += folded.marks[at + index] ?? "";
  }
  return true;
}

function sorted(marks: string): string {
  return Array.from(marks).sort().join("");
}

function around(text: string, { from, to }: Found): Pick<Hit, "before" | "words" | "after"> {
  const line = (part: string): string => part.replace(/\s+/g, " ");
  const start = Math.max(0, from - AROUND);
  const end = Math.min(text.length, to + AROUND);
  const before = line(text.slice(start, from));
  const after = line(text.slice(to, end));
  return {
    // Cut between words, so that no half of one stands at an end.
    before: start === 0 ? before.trimStart() : `…${before.slice(before.indexOf(" ") + 1)}`,
    words: line(text.slice(from, to)),
    after: end === text.length ? after.trimEnd() : `${after.slice(0, Math.max(0, after.lastIndexOf(" ")))}…`,
  };
}
