/** Papers that wait for one's signature: whose turn, in which order, and who has such a place at all. Pure. */
import type { Me, SigningRequest } from "@phien/wire";

export function waitingFor(requests: readonly SigningRequest[]): SigningRequest[] {
  return requests.filter((request) => request.state === "waiting");
}

/** Waiting ones first, the oldest of them first; then what was decided, the newest first. */
export function inboxOrder(requests: readonly SigningRequest[]): SigningRequest[] {
  const waits = waitingFor(requests).sort((a, b) => a.requested_at.localeCompare(b.requested_at));
  const done = requests
    .filter((request) => request.state !== "waiting")
    .sort((a, b) => (b.decided_at ?? b.requested_at).localeCompare(a.decided_at ?? a.requested_at));
  return [...waits, ...done];
}

/** Officials have an inbox, and whoever was asked once; to others the place is not shown. */
export function mayHaveInbox(me: Pick<Me, "grants">, requests: readonly SigningRequest[]): boolean {
  return requests.length > 0 || me.grants.some((grant) => grant.role === "official");
}
