/** Marks as a list to go through: by page, words one by one, what was only drawn counted. Pure. */
import type { Body } from "@phien/kit/ink";

import type { Placed, Tone } from "./marks.ts";
import { toneOf } from "./marks.ts";

export interface Listed {
  /** Of the mark; of drawings the first one's. */
  readonly id: string;
  readonly page: number;
  readonly kind: "note" | "text" | "highlight" | "underline" | "strike" | "drawn";
  /** Empty: nothing to read in it. */
  readonly words: string;
  /** How many drawings stand in this row. */
  readonly count: number;
  readonly tone: Tone;
  readonly author: string | undefined;
}

function kindOf(body: Body): Listed["kind"] {
  if (body.type === "highlight") return body.style ?? "highlight";
  return body.type === "ink" || body.type === "shape" ? "drawn" : body.type;
}

function wordsIn(body: Body): string {
  if (body.type === "note" || body.type === "text") return body.text;
  return body.type === "highlight" ? body.quote : "";
}

/** Rows in the order of pages; on a page in that of making, its drawings of one hand in one row at the end. */
export function listed(marks: readonly Placed[]): Listed[] {
  const rows: Listed[] = [];
  const drawn = new Map<string, Listed>();
  for (const { id, page, body, layer, author } of marks) {
    const row: Listed = { id, page, kind: kindOf(body), words: wordsIn(body), count: 1, tone: toneOf(layer), author };
    if (row.words !== "") { rows.push(row); continue; }
    const key = `${String(page)} ${layer} ${author ?? ""} ${row.kind}`;
    const before = drawn.get(key);
    drawn.set(key, before ? { ...before, count: before.count + 1 } : row);
  }
  return [...rows, ...drawn.values()].sort((a, b) => a.page - b.page); // stable: words stay before drawings
}
