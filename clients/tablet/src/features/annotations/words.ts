/** The words in what was written: notes and quotes; ink has none. Pure. */
import type { Op } from "@phien/kit/sync";

export function wordsOf(op: Op): string {
  if (op.kind === "del") return "";
  if (op.body.type === "note" || op.body.type === "text") return op.body.text;
  return op.body.type === "highlight" ? op.body.quote : "";
}
