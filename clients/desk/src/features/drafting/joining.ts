/** Two people's changes to one draft put together: what one of them changed is taken, where both did nobody's words are lost. Pure. */
import type { DraftText } from "@phien/wire";

type Plain = string | number | boolean | null | undefined | readonly Plain[] | Held;
interface Held {
  readonly [name: string]: Plain;
}

/** `mine` and `theirs` both come from `base`. A line, a name or a number that both changed is as `mine` has it; of longer texts the
 *  lines of both stay; people and parts go one by one. */
export function joined(base: DraftText, mine: DraftText, theirs: DraftText): DraftText {
  return both(base as unknown as Plain, mine as unknown as Plain, theirs as unknown as Plain) as unknown as DraftText;
}

function both(base: Plain, mine: Plain, theirs: Plain): Plain {
  if (same(mine, base)) return theirs;
  if (same(theirs, base) || same(mine, theirs)) return mine;
  if (isHeld(base) && isHeld(mine) && isHeld(theirs)) return fields(base, mine, theirs);
  if (isRows(mine) && isRows(theirs) && isRows(base)) return rows(base, mine, theirs);
  if (typeof mine === "string" && typeof theirs === "string" && (mine.includes("\n") || theirs.includes("\n"))) return lines(typeof base === "string" ? base : "", mine, theirs);
  return mine;
}

function fields(base: Held, mine: Held, theirs: Held): Held {
  const names = new Set([...Object.keys(theirs), ...Object.keys(mine)]);
  return Object.fromEntries([...names].map((name) => [name, both(base[name], mine[name], theirs[name])]));
}

/** By what a row is known: mine in their order, theirs that are new behind the row that they stand behind; who was taken out by one stays out. */
function rows(base: readonly Held[], mine: readonly Held[], theirs: readonly Held[]): Held[] {
  const [was, other] = [byName(base), byName(theirs)];
  const own = byName(mine);
  const kept = mine.filter((row) => other.has(name(row)) || !was.has(name(row)) || !same(row, was.get(name(row))));
  const found = kept.map((row) => {
    const [before, after] = [was.get(name(row)), other.get(name(row))];
    return before && after ? fields(before, row, after) : row;
  });
  theirs.forEach((row, index) => {
    if (own.has(name(row)) || (was.has(name(row)) && same(row, was.get(name(row))))) return;
    const before = theirs.slice(0, index).map(name).reverse().map((each) => found.findIndex((one) => name(one) === each)).find((at) => at >= 0);
    found.splice((before ?? -1) + 1, 0, row);
  });
  return found;
}

/** All of mine, and behind it what they wrote that neither of us had. */
function lines(base: string, mine: string, theirs: string): string {
  const had = new Set([...base.split("\n"), ...mine.split("\n")]);
  return [mine, ...theirs.split("\n").filter((line) => line.trim() !== "" && !had.has(line))].join("\n");
}

const name = (row: Held): Plain => row.id ?? (row.person_id === "" ? row.name : row.person_id) ?? row.name;
const byName = (list: readonly Held[]): Map<Plain, Held> => new Map(list.map((row) => [name(row), row]));
const isHeld = (value: Plain): value is Held => typeof value === "object" && value !== null && !Array.isArray(value);
const isRows = (value: Plain): value is readonly Held[] => Array.isArray(value) && value.every(isHeld);
const same = (one: Plain, other: Plain): boolean => JSON.stringify(one) === JSON.stringify(other);
