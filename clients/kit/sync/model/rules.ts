/** What the server does with an operation on a note, said again for the model; `decisions.json` holds it to the rules
 * that the server runs. Pure. */
import type { OpResult } from "@phien/wire";

import type { Op } from "../outbox.ts";

/** What the server has of an annotation. */
export interface Standing {
  readonly owner_id: string;
  readonly type: string;
  readonly page: number;
  readonly rev: number;
  readonly deleted: boolean;
  readonly waiting: boolean;
}

type Outcome = Exclude<OpResult["st"], "dup">;

export function decide(op: Op, standing: Standing | undefined, actor: string, moderator: boolean): Outcome {
  if (op.kind === "del") {
    if (!standing || standing.deleted) return "gone";
    return moderator || standing.owner_id === actor ? "applied" : "denied";
  }
  if (!standing) return op.base_rev === 0 ? "applied" : "gone";
  if (standing.owner_id !== actor) return "denied";
  if (standing.deleted) return "gone";
  const words = op.body.type === "note" || op.body.type === "text";
  const allowed = op.body.type === standing.type && (standing.waiting || (words && op.page === standing.page));
  if (!allowed) return "denied";
  return op.base_rev === standing.rev ? "applied" : "conflict";
}
