/** Who signs for whom: where an entrustment stands at a moment, and what a step lacks for it, in words. Pure. */
import { type Capacity, kindName, type PaperKind } from "@phien/kit/dossier";
import { fmtDate, fromLocalInput, t } from "@phien/kit/i18n";
import type { Delegation } from "@phien/wire";

/** What is known of a body's entrustments, and the moment, ms. */
export interface Given {
  readonly delegations: readonly Delegation[];
  readonly at: number;
}

export type Stand = "in_force" | "coming" | "over" | "ended";

/** Those of one person for another: the giver has to be named. An acting head has the post alone to stand for. */
export const OF_A_PERSON: ReadonlySet<Capacity> = new Set(["KT.", "TL.", "TUQ."]);
/** These are good only with an entrustment in force; the head stands for the collective by office. */
export const ENTRUSTED: ReadonlySet<Capacity> = new Set(["KT.", "TL.", "TUQ.", "Q."]);

export function standOf(one: Pick<Delegation, "valid_from" | "valid_until" | "ended_at">, at: number): Stand {
  if (one.ended_at !== null) return "ended";
  if (at < Date.parse(one.valid_from)) return "coming";
  return at < Date.parse(one.valid_until) ? "in_force" : "over";
}

export function standWords(stand: Stand): string {
  switch (stand) {
    case "in_force": return t("Đang hiệu lực");
    case "coming": return t("Chưa đến ngày");
    case "over": return t("Đã hết hạn");
    case "ended": return t("Đã chấm dứt");
  }
}

/** "Thông báo, Công văn"; without any it is for every kind. */
export function kindsWords(kinds: readonly PaperKind[]): string {
  return kinds.length === 0 ? t("Mọi loại") : kinds.map(kindName).join(", ");
}

/** First and last day in Viet Nam as two moments; the last day counts to its last minute. Null: not two days in order. */
export function span(from: string, to: string): { valid_from: string; valid_until: string } | null {
  const valid_from = fromLocalInput(`${from}T00:00`);
  const valid_until = fromLocalInput(`${to}T23:59`);
  return valid_from === null || valid_until === null || valid_until <= valid_from ? null : { valid_from, valid_until };
}

/** What a person may sign now of a kind of paper for somebody else, the newest first. */
export function inForce(given: Given, person: string, kind: PaperKind): Delegation[] {
  return given.delegations.filter((one) => one.to_id === person && standOf(one, given.at) === "in_force" && isFor(one, kind));
}

/** Why a person cannot sign now in a capacity, in words; null where they can, or where one cannot know. */
export function missing(given: Given | null, who: { id: string; name: string }, as: { capacity: Capacity; acting_for: string }, kind: PaperKind): string | null {
  if (given === null || !ENTRUSTED.has(as.capacity)) return null;
  const words = { name: who.name, standing: `${as.capacity} ${as.acting_for.trim()}`.trim() };
  const of = given.delegations.filter((one) => one.to_id === who.id && one.capacity === as.capacity && samePost(one.acting_for, as.acting_for));
  const now = of.filter((one) => standOf(one, given.at) === "in_force");
  if (now.some((one) => isFor(one, kind))) return null;
  if (now.length > 0) return t("Ủy quyền cho {name} ký {standing} không gồm loại {kind}.", { ...words, kind: kindName(kind) });
  const coming = of.filter((one) => standOf(one, given.at) === "coming").map((one) => one.valid_from).sort()[0];
  if (coming !== undefined) return t("Ủy quyền cho {name} ký {standing} có hiệu lực từ {date}.", { ...words, date: fmtDate(coming) });
  return t("Chưa có ủy quyền còn hiệu lực cho {name} ký {standing}.", words);
}

/** The post above the name in capitals, without the body that stands at the top of the paper anyway. */
export function headOf(title: string): string {
  const post = /^(chủ tịch|giám đốc|chánh văn phòng|trưởng phòng|trưởng ban|chủ nhiệm|cục trưởng|chi cục trưởng)/iu.exec(title)?.[1] ?? title;
  return post.toLocaleUpperCase("vi");
}

const isFor = (one: Delegation, kind: PaperKind): boolean => one.kinds.length === 0 || one.kinds.includes(kind);
const samePost = (one: string, other: string): boolean => folded(one) === folded(other);
/** As the server compares posts: but for case and spaces. */
const folded = (text: string): string => text.normalize("NFC").trim().replace(/\s+/gu, " ").toLocaleLowerCase("vi");
