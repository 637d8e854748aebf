/** A version's bytes in one edition: what lies here of another edition is another file, and never mixed in. */
const FILE = "file";

interface Editioned {
  readonly edition?: string;
}

export function editionOf(held: Editioned): string {
  return held.edition ?? "";
}

/** The part under which the file of an edition lies. */
export function partOf(held: Editioned): string {
  return held.edition ? `${FILE}:${held.edition}` : FILE;
}

/** What lies of the file among these parts: which editions, and how many chunks of each. */
export function editionsIn(parts: ReadonlyMap<string, number>): { edition: string; chunks: number }[] {
  return [...parts].filter(([part]) => part === FILE || part.startsWith(`${FILE}:`))
    .map(([part, chunks]) => ({ edition: part.slice(FILE.length + 1), chunks }));
}
