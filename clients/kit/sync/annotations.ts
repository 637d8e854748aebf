/** What is on a paper: the stream's annotations, with this tablet's own unconfirmed work over them. Pure. */
import type { Annotation, AnyEntity } from "@phien/wire";

import type { Op } from "./outbox.ts";

/** An annotation as shown; `pending` says that only this tablet has it yet. */
export interface Shown extends Annotation {
  pending: boolean;
}

interface Me {
  id: string;
  name: string;
}

/** Rebases unconfirmed operations, in order, over the confirmed state. */
export function rebase(entities: ReadonlyMap<string, AnyEntity>, over: readonly Op[], version: string, me: Me): Shown[] {
  const shown = new Map<string, Shown>();
  for (const entity of entities.values()) {
    if (entity.kind === "annotation") shown.set(entity.id, { ...entity, pending: false });
  }
  for (const op of over) {
    if (op.kind === "del") { shown.delete(op.ann_id); continue; }
    const below = shown.get(op.ann_id);
    if (below && below.rev > op.base_rev && !below.pending) continue; // its echo is here already, or it lost
    shown.set(op.ann_id, {
      kind: "annotation",
      id: op.ann_id,
      version_id: version,
      owner_id: me.id,
      owner_name: me.name,
      page: op.page,
      body: op.body,
      rev: op.base_rev + 1,
      created_at: below?.created_at ?? "",
      updated_at: below?.updated_at ?? "",
      carried: below?.carried ? { ...below.carried, waiting: false } : null,
      pending: true,
    });
  }
  return [...shown.values()];
}
