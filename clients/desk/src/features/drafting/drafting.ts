/** Papers that come out of a meeting while they are written: their kinds, parts and people. Pure. */
import { t } from "@phien/kit/i18n";
import type { Attendee, Draft, DraftPart, DraftText, Person, Signatory } from "@phien/wire";

export type DraftKind = Draft["draft_kind"];
export const DRAFT_KINDS: readonly DraftKind[] = ["minutes", "notice", "resolution", "decision", "letter"];

/** The kind as its button names it. */
export function draftName(kind: DraftKind): string {
  switch (kind) {
    case "minutes": return t("Biên bản");
    case "notice": return t("Thông báo kết luận");
    case "resolution": return t("Nghị quyết");
    case "decision": return t("Quyết định");
    case "letter": return t("Công văn");
  }
}

export const decides = (kind: DraftKind): boolean => kind === "decision" || kind === "resolution";

/** What one part of the text is called where it has no heading of its own. */
export function partName(kind: DraftKind, parts: readonly DraftPart[], index: number): string {
  const part = parts[index];
  if (!part?.numbered) return t("Đoạn không đánh số");
  const number = parts.slice(0, index + 1).filter((each) => each.numbered).length;
  return decides(kind) ? t("Điều {number}", { number }) : t("Mục {number}", { number });
}

/** The list with one moved by so many places; at an edge it stays. */
export function moved<T>(list: readonly T[], from: number, by: number): T[] {
  const now = [...list];
  const to = from + by;
  if (to < 0 || to >= list.length) return now;
  const [one] = now.splice(from, 1);
  if (one !== undefined) now.splice(to, 0, one);
  return now;
}

/** Lines of a text area as the server keeps them, and back. */
export const asLines = (text: string): string[] => text.split("\n");
export const asText = (lines: readonly string[]): string => lines.join("\n");

/** How many are there, are not, and are not known to be. */
export function counted(attendance: readonly Attendee[]): Record<Attendee["state"], number> {
  const found = { present: 0, absent: 0, unknown: 0 };
  for (const each of attendance) found[each.state] += 1;
  return found;
}

/** The roll as the tablets in the room call it: whose tablet is there is present; nobody is absent for having none. */
export function called(attendance: readonly Attendee[], there: ReadonlySet<string>): Attendee[] {
  return attendance.map((each) => (each.state === "unknown" && there.has(each.person_id) ? { ...each, state: "present" } : each));
}

/** Who signs, from the directory: the lines above stay what they were, unless there were none. */
export function signedBy(before: Signatory, person: Person | null): Signatory {
  if (!person) return { ...before, name: "", person_id: "" };
  const lines = before.lines.some((line) => line.trim() !== "") ? before.lines : person.title ? [person.title.toUpperCase()] : [];
  return { name: person.name, person_id: person.id, lines };
}

/** A signatory as a person to be shown; null while nobody is chosen. */
export function personOf(one: Signatory): Person | null {
  return one.name === "" ? null : { id: one.person_id, name: one.name, title: one.lines.join(" ") };
}

/** Everybody who signs, in the order of the page: of minutes the secretary, the chair and the members. */
export function signers(kind: DraftKind, text: DraftText): Person[] {
  const all = kind === "minutes" ? [text.secretary, text.signer, ...text.others] : [text.signer];
  return all.flatMap((one) => (one.person_id === "" ? [] : [{ id: one.person_id, name: one.name, title: "" }]));
}
