/** What a person's grants open at the desk. The server decides; this only keeps dead controls off the screen. */
import type { Grant, Me } from "@phien/wire";

function has(me: Me | null, ...roles: Grant["role"][]): boolean {
  return me?.grants.some((grant) => roles.includes(grant.role)) ?? false;
}

export const mayAdminister = (me: Me | null): boolean => has(me, "administrator");
export const mayPrepare = (me: Me | null): boolean => has(me, "secretary", "clerk");
export const maySign = (me: Me | null): boolean => has(me, "official");

/** Bodies for which the person prepares meetings; null stands for all of them. */
export const preparesFor = (me: Me | null): ReadonlySet<string> | null => bodiesOf(me, "secretary", "clerk");
/** Bodies in which the person enters who signs for whom; null stands for all of them. */
export const entrustsFor = (me: Me | null): ReadonlySet<string> | null => bodiesOf(me, "secretary", "clerk", "administrator");

function bodiesOf(me: Me | null, ...roles: Grant["role"][]): ReadonlySet<string> | null {
  const bodies = new Set<string>();
  for (const grant of me?.grants ?? []) {
    if (!roles.includes(grant.role)) continue;
    if (grant.body_id === null) return null;
    bodies.add(grant.body_id);
  }
  return bodies;
}
