/** Acts, kinds of paper and ways to stand for another in the words of official papers. Pure. */
import { t } from "../i18n/index.ts";
import type { Dossier, SigningRequest, Step } from "@phien/wire";

export type ActKind = Step["act"];
export type Capacity = Step["capacity"];
export type PaperKind = Dossier["paper_kind"];

/** Acts in the only order in which they may follow one another. */
export const ACTS: readonly ActKind[] = ["check", "initial", "approve", "sign", "number", "seal", "issue"];
/** Acts of the registry: whichever clerk of the body is there does them. */
export const OF_REGISTRY: ReadonlySet<ActKind> = new Set(["number", "seal", "issue"]);
export const KINDS: readonly PaperKind[] = ["invitation", "notice", "minutes", "decision", "resolution", "letter", "other"];
export const CAPACITIES: readonly Capacity[] = ["", "TM.", "KT.", "TL.", "TUQ.", "Q."];

/** The act as the name of a step, "Ký nháy". */
export function actName(act: ActKind): string {
  switch (act) {
    case "check": return t("Kiểm tra thể thức");
    case "initial": return t("Ký nháy");
    case "approve": return t("Phê duyệt");
    case "sign": return t("Ký ban hành");
    case "number": return t("Cấp số");
    case "seal": return t("Đóng dấu");
    case "issue": return t("Ban hành");
  }
}

/** The act as a button says it. */
export function actButton(act: ActKind): string {
  switch (act) {
    case "check": return t("Ghi nhận đúng thể thức");
    case "initial": return t("Ký nháy văn bản này");
    case "approve": return t("Phê duyệt văn bản này");
    case "sign": return t("Ký văn bản này");
    case "number": return t("Cấp số văn bản này");
    case "seal": return t("Đóng dấu văn bản này");
    case "issue": return t("Ban hành văn bản này");
  }
}

/** Refusing for good, as a button says it. */
export function refuseButton(act: ActKind): string {
  return act === "approve" ? t("Không phê duyệt") : t("Từ chối ký");
}

/** What is heard once it is done. */
export function actDone(act: ActKind): string {
  switch (act) {
    case "check": return t("Đã kiểm tra thể thức");
    case "initial": return t("Đã ký nháy văn bản");
    case "approve": return t("Đã phê duyệt văn bản");
    case "sign": return t("Đã ký văn bản");
    case "number": return t("Đã cấp số văn bản");
    case "seal": return t("Đã đóng dấu văn bản");
    case "issue": return t("Đã ban hành văn bản");
  }
}

/** The state of what one person was asked to do: "Chờ ký nháy", "Đã phê duyệt". */
export function requestWords({ act, state }: Pick<SigningRequest, "act" | "state">): string {
  if (state === "returned") return t("Đã trả lại");
  if (state === "withdrawn") return t("Đã rút");
  const done = state === "signed";
  switch (act) {
    case "check": return done ? t("Đã kiểm tra") : t("Chờ kiểm tra");
    case "initial": return done ? t("Đã ký nháy") : t("Chờ ký nháy");
    case "approve": return done ? t("Đã phê duyệt") : t("Chờ phê duyệt");
    case "sign": return done ? t("Đã ký") : t("Chờ ký");
    case "number": return done ? t("Đã cấp số") : t("Chờ cấp số");
    case "seal": return done ? t("Đã đóng dấu") : t("Chờ đóng dấu");
    case "issue": return done ? t("Đã ban hành") : t("Chờ ban hành");
  }
}

export function kindName(kind: PaperKind): string {
  switch (kind) {
    case "invitation": return t("Giấy mời (GM)");
    case "notice": return t("Thông báo (TB)");
    case "minutes": return t("Biên bản (BB)");
    case "decision": return t("Quyết định (QĐ)");
    case "resolution": return t("Nghị quyết (NQ)");
    case "letter": return t("Công văn");
    case "other": return t("Văn bản khác");
  }
}

/** How a signer stands for another: the letters of the paper and what they mean. */
export function capacityName(capacity: Capacity): string {
  switch (capacity) {
    case "": return t("Ký trực tiếp");
    case "TM.": return t("TM. (thay mặt tập thể)");
    case "KT.": return t("KT. (ký thay cấp trưởng)");
    case "TL.": return t("TL. (thừa lệnh)");
    case "TUQ.": return t("TUQ. (thừa ủy quyền)");
    case "Q.": return t("Q. (quyền cấp trưởng)");
  }
}

/** "KT. CHỦ TỊCH · Phó Chủ tịch": as it stands above the name on the paper. */
export function standing({ capacity, acting_for, post }: Pick<Step, "capacity" | "acting_for" | "post">): string {
  return [[capacity, acting_for].filter(Boolean).join(" "), post].filter(Boolean).join(" · ");
}
