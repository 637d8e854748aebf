/** The list of participants while it is edited: who, as what, and what changed against the server. */
import { t } from "@phien/kit/i18n";
import type { Participant, ParticipantInput, Person } from "@phien/wire";

export interface Seat extends ParticipantInput {
  person: Person;
  body: string;
  /** The invitation went out to this person. */
  invited: boolean;
}

export function seatOf(participant: Participant): Seat {
  return {
    person_id: participant.person.id, person: participant.person, body: participant.body_name, role: participant.role, scope: participant.scope,
    voting_right: participant.voting_right, on_behalf_of: participant.on_behalf_of, site_id: participant.site_id, invited: participant.sent_at !== null,
  };
}

export function newSeat(person: Person, body: string): Seat {
  return { person_id: person.id, person, body, role: "member", scope: "speak", voting_right: false, on_behalf_of: null, site_id: null, invited: false };
}

/** Somebody entered as chair or secretary takes the role from whoever had it: a meeting has one of each. */
export function withRole(seats: readonly Seat[], person: string, role: Seat["role"]): Seat[] {
  const single = role === "chair" || role === "secretary";
  return seats.map((seat) => {
    if (seat.person_id === person) return { ...seat, role };
    return single && seat.role === role ? { ...seat, role: "member" as const } : seat;
  });
}

/** Who votes has the right to; who loses the right cannot vote. */
export function withScope(seat: Seat, scope: Seat["scope"]): Seat {
  return { ...seat, scope, voting_right: scope === "vote" };
}

export function inputs(seats: readonly Seat[]): ParticipantInput[] {
  return seats.map(({ person_id, role, scope, voting_right, on_behalf_of, site_id }) => ({ person_id, role, scope, voting_right, on_behalf_of, site_id }));
}

export interface Difference {
  added: Seat[];
  /** Out of the list; those who had the invitation are told. */
  removed: Seat[];
  changed: number;
}

export function difference(before: readonly Seat[], after: readonly Seat[]): Difference {
  const had = new Map(before.map((seat) => [seat.person_id, seat]));
  const has = new Set(after.map((seat) => seat.person_id));
  const kept = after.filter((seat) => had.has(seat.person_id));
  const same = (a: Seat, b: Seat): boolean => JSON.stringify(inputs([a])) === JSON.stringify(inputs([b]));
  return {
    added: after.filter((seat) => !had.has(seat.person_id)),
    removed: before.filter((seat) => !has.has(seat.person_id)),
    changed: kept.filter((seat) => !same(seat, had.get(seat.person_id) ?? seat)).length,
  };
}

/** "Thêm 3, bỏ 1, đổi 2"; empty where nothing changed. */
export function summary({ added, removed, changed }: Difference): string {
  return [
    added.length > 0 ? t("thêm {count}", { count: added.length }) : "",
    removed.length > 0 ? t("bỏ {count}", { count: removed.length }) : "",
    changed > 0 ? t("đổi {count}", { count: changed }) : "",
  ].filter(Boolean).join(", ");
}
