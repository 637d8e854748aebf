/** The words of a page as paragraphs: lines of print joined to sentences that any width can carry. Pure. */

/** Begins something new: a numbered or dashed point, an article, a part, a heading in capitals is told apart below. */
const OPENING = /^(?:[-–—•+*]\s|\d{1,3}(?:\.\d{1,3})*[.)]\s|[a-zđ][.)]\s|[IVXLC]+\.\s|(?:Điều|Chương|Mục|Phần|Phụ lục|Khoản|Căn cứ|Kính gửi|Nơi nhận)\b)/u;
const SENTENCE_END = /[.:;!?…”"]$/u;
/** A line shorter than this share of the longest one of its page ends its paragraph. */
const SHORT = 0.72;

/** Paragraphs of one page, in order; a row of a table is one of its own, with a tab between cells. */
export function paragraphs(text: string): string[] {
  const lines = text.split("\n").map((line) => line.replace(/[^\S\t]+/g, " ").replace(/ ?\t[ \t]*/g, "\t").trim());
  const longest = Math.max(0, ...lines.map((line) => line.length));
  const found: string[] = [];
  let open = "";
  let before = "";
  const close = (): void => {
    if (open !== "") found.push(open);
    open = "";
  };
  for (const line of lines) {
    if (line === "" || begins(line, before, longest)) close();
    if (line !== "") open = open === "" ? line : joined(open, line);
    before = line;
  }
  close();
  return found;
}

function begins(line: string, before: string, longest: number): boolean {
  if (isRow(line) || isRow(before)) return true;
  if (before === "" || OPENING.test(line) || isCapitals(line) !== isCapitals(before)) return true;
  if (isCapitals(line)) return false; // a heading of two lines
  const short = before.length < longest * SHORT;
  // A short line ends its paragraph, unless the sentence plainly goes on in small letters.
  return short && (SENTENCE_END.test(before) || !/^\p{Ll}/u.test(line));
}

/** A line of a table: the server parts its cells by tabs. */
export function isRow(line: string): boolean {
  return line.includes("\t");
}

/** Headings stand in capitals; a line of numbers alone is none. */
function isCapitals(line: string): boolean {
  return /\p{Lu}{2}/u.test(line) && !/\p{Ll}/u.test(line);
}

/** A word divided at the end of a line is one word again; Vietnamese divides none, so a dash between syllables stays. */
function joined(text: string, line: string): string {
  return text.endsWith("\u00ad") ? text.slice(0, -1) + line : `${text} ${line}`;
}
