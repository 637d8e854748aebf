/** What a person's grants open at the desk. The server decides; this only keeps dead controls off the screen. */
import type { Grant, Me } from "@phien/wire";

function has(me: Me | null, ...roles: Grant["role"][]): boolean {
  return me?.grants.some((grant) => roles.includes(grant.role)) ?? false;
}

export const mayAdminister = (me: Me | null): boolean => has(me, "administrator");
export const mayPrepare = (me: Me | null): boolean => has(me, "secretary", "clerk");
export const maySign = (me: Me | null): boolean => has(me, "official");

/** Bodies for which the person prepares meetings; null stands for all of them. */
export function preparesFor(me: Me | null): ReadonlySet<string> | null {
  const bodies = new Set<string>();
  for (const grant of me?.grants ?? []) {
    if (grant.role !== "secretary" && grant.role !== "clerk") continue;
    if (grant.body_id === null) return null;
    bodies.add(grant.body_id);
  }
  return bodies;
}
