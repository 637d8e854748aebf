/** Bodies as a tree in lines, for a list that is read from top to bottom. */
import { compareText } from "@phien/kit/i18n";
import type { BodyView } from "@phien/wire";

export interface Branch {
  body: BodyView;
  depth: number;
}

/** Parents before children, sisters by name. A body whose parent is not there stands at the root. */
export function branches(bodies: readonly BodyView[]): Branch[] {
  const present = new Set(bodies.map((body) => body.id));
  const children = new Map<string | null, BodyView[]>();
  for (const body of bodies) {
    const parent = body.parent_id !== null && present.has(body.parent_id) && body.parent_id !== body.id ? body.parent_id : null;
    children.set(parent, [...(children.get(parent) ?? []), body]);
  }
  const found: Branch[] = [];
  const walk = (parent: string | null, depth: number): void => {
    for (const body of (children.get(parent) ?? []).sort((a, b) => compareText(a.name, b.name))) {
      found.push({ body, depth });
      walk(body.id, depth + 1);
    }
  };
  walk(null, 0);
  return found;
}

/** The ids of a body and of all below it, among those given; of none without an id. */
export function within(bodies: readonly BodyView[], id: string | undefined): Set<string> {
  const found = new Set(id === undefined ? [] : [id]);
  // Branches stand behind the one they grow from, so one pass finds them all.
  for (const { body } of branches(bodies)) if (body.parent_id !== null && found.has(body.parent_id)) found.add(body.id);
  return found;
}
