/** Answering an invitation, and looking for who goes in one's place. */
import { t } from "@phien/kit/i18n";
import { act, ApiError, get } from "@phien/kit/net";
import type { Invitation, InvitationAnswer, PeoplePage, PersonView } from "@phien/wire";

import type { Mine } from "../meetings/calendar.ts";

function answer(meeting: string, body: InvitationAnswer): Promise<Invitation> {
  return act<Invitation>("POST", `/meetings/${meeting}/invitation/answer`, body);
}

export function accept(meeting: string): Promise<Invitation> {
  return answer(meeting, { answer: "accepted" });
}

export function decline(meeting: string, reason: string): Promise<Invitation> {
  return answer(meeting, { answer: "declined", reason: reason.trim() });
}

export function sendSubstitute(meeting: string, person: string, reason: string): Promise<Invitation> {
  return answer(meeting, { answer: "substitute", substitute_id: person, reason: reason.trim() });
}

/** Whether the invited may still answer, or answer otherwise: until the meeting begins. */
export function mayChange({ my, meeting }: Mine): boolean {
  return meeting?.state === "convened" && my.invited_at !== null && my.role !== "secretary";
}

/** People whose names hold these words; without oneself. */
export async function findPeople(words: string, self: string, signal: AbortSignal): Promise<PersonView[]> {
  const query = new URLSearchParams({ q: words.trim(), limit: "20" });
  const { people } = await get<PeoplePage>(`/directory/people?${query.toString()}`, { signal });
  return people.filter((person) => person.id !== self);
}

/** What went wrong, with what is safe. */
export function problemOf(error: unknown): string {
  if (error instanceof ApiError && !error.unsent) return error.message;
  return t("Mất mạng: chưa gửi được câu trả lời. Trả lời lại khi có mạng.");
}
