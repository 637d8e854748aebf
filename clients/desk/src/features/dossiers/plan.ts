/** The steps of a dossier while they are being chosen: what a kind of paper usually needs, and who stands for whom. Pure. */
import { t } from "@phien/kit/i18n";
import type { Capacity, PaperKind } from "@phien/kit/dossier";
import type { DossierOpen, Person, StepAsk } from "@phien/wire";

import { type Given, inForce } from "../delegations/delegations.ts";

/** One person's step while it is chosen. */
export interface Line {
  /** Of this line on screen. */
  readonly id: number;
  readonly person: Person | null;
  readonly capacity: Capacity;
  readonly acting_for: string;
}

export interface Plan {
  readonly kind: PaperKind;
  readonly check: boolean;
  readonly initials: readonly Line[];
  /** Those who initial do it at the same time, else one after another. */
  readonly together: boolean;
  readonly approvers: readonly Line[];
  readonly signers: readonly Line[];
  readonly number: boolean;
  readonly seal: boolean;
  readonly issue: boolean;
}

export type Part = "initials" | "approvers" | "signers";

let lines = 0;

export function line(person: Person | null, stands: Pick<Line, "capacity" | "acting_for"> = { capacity: "", acting_for: "" }): Line {
  lines += 1;
  return { id: lines, person, ...stands };
}

/** Of the meeting its head and its secretary, and who stands on the paper to sign it, where that is known. */
export interface People {
  readonly chair: Person | null;
  readonly secretary: Person | null;
  readonly signers?: readonly Person[];
}

/** What a kind of paper usually goes through: light for what only invites, full for what binds. */
export function usual(kind: PaperKind, people: People, given: Given | null = null): Plan {
  const named = people.signers?.length ? people.signers : kind === "minutes" && people.secretary ? [people.secretary, people.chair] : [people.chair];
  // Minutes are signed in one's own name.
  const signers = named.map((person) => line(person, kind === "minutes" ? undefined : standsFor(person, kind, given)));
  const plan: Plan = { kind, check: true, initials: [], together: false, approvers: [], signers, number: true, seal: true, issue: true };
  switch (kind) {
    case "invitation": return plan;
    case "notice":
    case "letter": return { ...plan, initials: [line(null)] };
    case "decision":
    case "resolution": return { ...plan, initials: [line(null)], approvers: [line(null)] };
    case "minutes": return plan;
    case "other": return { ...plan, check: false, number: false, seal: false, issue: false };
  }
}

/** How the holder of a post usually signs: as they were entrusted with it, the head of a collective for it, else in their own name. */
export function standsFor(person: Person | null, kind: PaperKind, given: Given | null = null): Pick<Line, "capacity" | "acting_for"> {
  const title = (person?.title ?? "").normalize("NFC").trim();
  const entrusted = person && given ? inForce(given, person.id, kind) : [];
  const usually = /^Phó/iu.test(title) ? "KT." : /^(?:Quyền|Q\.)\s/iu.test(title) ? "Q." : "";
  const one = entrusted.find((each) => each.capacity === usually) ?? entrusted[0];
  if (one) return { capacity: one.capacity, acting_for: one.acting_for };
  if (kind === "resolution" && /^Chủ tịch/iu.test(title)) return { capacity: "TM.", acting_for: t("ỦY BAN NHÂN DÂN") };
  return { capacity: "", acting_for: "" };
}

/** The plan with a line of one part exchanged, or taken out. */
export function withLine(plan: Plan, part: Part, id: number, to: Partial<Line> | null): Plan {
  const now = plan[part].flatMap((one) => (one.id !== id ? [one] : to === null ? [] : [{ ...one, ...to }]));
  return { ...plan, [part]: now };
}

export function withMore(plan: Plan, part: Part): Plan {
  return { ...plan, [part]: [...plan[part], line(null)] };
}

/** The line of one part moved by so many places. */
export function withMoved(plan: Plan, part: Part, from: number, by: number): Plan {
  const now = [...plan[part]];
  const [one] = now.splice(from, 1);
  if (one) now.splice(from + by, 0, one);
  return { ...plan, [part]: now };
}

/** Why it cannot be sent yet, in words; null once it can. */
export function lacking(plan: Plan): string | null {
  if (plan.signers.length === 0) return t("Chưa có người ký");
  if (plan.initials.some((one) => one.person === null)) return t("Chưa chọn người ký nháy");
  if (plan.approvers.some((one) => one.person === null)) return t("Chưa chọn người phê duyệt");
  if (plan.signers.some((one) => one.person === null)) return t("Chưa chọn người ký");
  if ([...plan.initials, ...plan.signers].some((one) => one.capacity !== "" && one.acting_for.trim() === "")) return t("Chưa ghi ký thay cho ai");
  const initials = plan.initials.map((one) => one.person?.id);
  if (new Set(initials).size < initials.length) return t("Một người ký nháy hai lần");
  if (plan.seal && !plan.number) return t("Đóng dấu cần cấp số trước");
  if (plan.issue && !plan.seal) return t("Ban hành cần đóng dấu trước");
  return null;
}

/** As the server takes it: every act a rank of its own, initials together one, in order one each. */
export function asked(plan: Plan): DossierOpen {
  const steps: StepAsk[] = [];
  let rank = 0;
  const add = (act: StepAsk["act"], one?: Line): void => {
    steps.push({
      act, rank, person_id: one?.person?.id ?? "", post: one?.person?.title ?? "",
      capacity: one?.capacity ?? "", acting_for: one?.acting_for.trim() ?? "",
    });
  };
  const each = (act: StepAsk["act"], those: readonly Line[], together: boolean): void => {
    if (together && those.length > 0) rank += 1;
    for (const one of those) {
      if (!together) rank += 1;
      add(act, one);
    }
  };
  if (plan.check) { rank += 1; add("check"); }
  each("initial", plan.initials, plan.together);
  each("approve", plan.approvers, false);
  // Those who sign minutes wait for nobody.
  each("sign", plan.signers, plan.kind === "minutes");
  for (const act of ["number", "seal", "issue"] as const) if (plan[act]) { rank += 1; add(act); }
  return { paper_kind: plan.kind, steps };
}

/** The kind of a paper by its title: "Giấy mời họp …", "Thông báo kết luận …". */
export function kindOf(title: string): PaperKind {
  const starts: [RegExp, PaperKind][] = [
    [/^giấy mời/iu, "invitation"], [/^thông báo/iu, "notice"], [/^biên bản/iu, "minutes"], [/^quyết định/iu, "decision"], [/^nghị quyết/iu, "resolution"], [/^công văn/iu, "letter"],
  ];
  return starts.find(([start]) => start.test(title.normalize("NFC").trim()))?.[1] ?? "other";
}
