/** Text as it is searched: without case and accents, đ as d, any space as one; each sign knows where it came from. */

export interface Folded {
  readonly text: string;
  /** For each folded sign, where it begins and ends in the original. */
  readonly from: readonly number[];
  readonly to: readonly number[];
  /** For each folded sign, its accents (combining marks and the stroke of đ). */
  readonly marks: readonly string[];
}

const MARK = /\p{Mn}/u;
const SPACE = /\s/u;
/** Signs that are not seen: soft hyphen, joiners, byte order mark. */
const UNSEEN = new Set(["\u00ad", "\u200b", "\u200c", "\u200d", "\u2060", "\ufeff"]);
const UNREAD = /[\p{Mn}\u00ad\u200b-\u200d\u2060\ufeff]/gu;
const STROKE = "\u0335";

/** The folded text alone, by the fast way of the browser: to tell in which pages it is worth to look. */
export function plain(text: string): string {
  return text.normalize("NFKD").toLowerCase().replace(UNREAD, "").replaceAll("đ", "d").replace(/\s+/gu, " ");
}

class Folding {
  text = "";
  readonly from: number[] = [];
  readonly to: number[] = [];
  readonly marks: string[] = [];

  add(sign: string, at: number, end: number): void {
    if (UNSEEN.has(sign)) return;
    for (const part of sign.normalize("NFKD").toLowerCase()) this.#part(part, at, end);
  }

  #part(part: string, at: number, end: number): void {
    const last = this.marks.length - 1;
    if (MARK.test(part)) {
      if (last >= 0) {
        this.marks[last] = `${this.marks[last] ?? ""}${part}`;
        this.to[last] = end;
      }
      return;
    }
    if (SPACE.test(part)) {
      if (this.text.endsWith(" ")) this.to[last] = end;
      else this.#push(" ", "", at, end);
      return;
    }
    this.#push(part === "đ" ? "d" : part, part === "đ" ? STROKE : "", at, end);
  }

  #push(sign: string, marks: string, at: number, end: number): void {
    // A sign outside the basic plane is two units of a string; positions count units.
    this.from.push(...Array<number>(sign.length).fill(at));
    this.to.push(...Array<number>(sign.length).fill(end));
    this.marks.push(...Array<string>(sign.length).fill(marks));
    this.text += sign;
  }
}

export function fold(text: string): Folded {
  const folding = new Folding();
  let at = 0;
  for (const sign of text) {
    folding.add(sign, at, at + sign.length);
    at += sign.length;
  }
  return folding;
}
