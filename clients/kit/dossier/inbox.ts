/** Papers that wait for one's act: in which groups and order, which may be done together, and who has such a place at all. Pure. */
import type { BatchResult, Me, SigningRequest } from "@phien/wire";

import { t } from "../i18n/index.ts";
import { ACTS, type ActKind, OF_REGISTRY } from "./words.ts";

export function waitingFor(requests: readonly SigningRequest[]): SigningRequest[] {
  return requests.filter((request) => request.state === "waiting").sort((a, b) => a.requested_at.localeCompare(b.requested_at));
}

/** What was decided, the newest first. */
export function decided(requests: readonly SigningRequest[]): SigningRequest[] {
  const when = (request: SigningRequest): string => request.decided_at ?? request.requested_at;
  return requests.filter((request) => request.state !== "waiting").sort((a, b) => when(b).localeCompare(when(a)));
}

/** What waits, by act in the order of acts; within an act the oldest first. */
export function byAct(requests: readonly SigningRequest[]): { act: ActKind; requests: SigningRequest[] }[] {
  const waits = waitingFor(requests);
  return ACTS.map((act) => ({ act, requests: waits.filter((request) => request.act === act) })).filter((group) => group.requests.length > 0);
}

/** Acts of the registry are done at the desk, where the book is. */
export const atDesk = (request: Pick<SigningRequest, "act">): boolean => OF_REGISTRY.has(request.act);

/** Officials have an inbox, and whoever was asked once; to others the place is not shown. */
export function mayHaveInbox(me: Pick<Me, "grants">, requests: readonly SigningRequest[]): boolean {
  return requests.length > 0 || me.grants.some((grant) => grant.role === "official");
}

/** What could be signed with one unlocking, were it seen: none where there is only one. */
export function batchable(requests: readonly SigningRequest[]): SigningRequest[] {
  const found = waitingFor(requests).filter((request) => request.act === "sign");
  return found.length > 1 ? found : [];
}

/** Of those chosen the ones that still wait to be signed, the oldest first. */
export function picked(requests: readonly SigningRequest[], chosen: ReadonlySet<string>): SigningRequest[] {
  return batchable(requests).filter((request) => chosen.has(request.id));
}

/** Of those chosen the ones that still wait and were seen to their end, as they will be sent. */
export function chosenOf(requests: readonly SigningRequest[], chosen: ReadonlySet<string>, toEnd: (request: SigningRequest) => boolean): SigningRequest[] {
  return picked(requests, chosen).filter(toEnd);
}

/** What is looked at next of those picked: the first behind this one that was not seen to its end, else the first of all; none when all were. */
export function nextUnseen(round: readonly SigningRequest[], at: string | null, toEnd: (request: SigningRequest) => boolean): SigningRequest | undefined {
  const here = round.findIndex((request) => request.id === at);
  const order = [...round.slice(here + 1), ...round.slice(0, here + 1)];
  return order.find((request) => !toEnd(request));
}

/** "4 đã ký, 1 chưa". */
export function outcome(results: readonly Pick<BatchResult, "code">[]): string {
  const failed = results.filter((result) => result.code !== "").length;
  const done = results.length - failed;
  if (failed === 0) return t("{done} đã ký", { done });
  return done === 0 ? t("{failed} chưa ký", { failed }) : t("{done} đã ký, {failed} chưa", { done, failed });
}
