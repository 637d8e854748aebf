/** How far a paper is on its way to being issued: what waits, what was done, in a chip and as steps. Pure. */
import CircleX from "@lucide/svelte/icons/circle-x";
import BadgeCheck from "@lucide/svelte/icons/badge-check";
import Hash from "@lucide/svelte/icons/hash";
import ListChecks from "@lucide/svelte/icons/list-checks";
import MailCheck from "@lucide/svelte/icons/mail-check";
import PenLine from "@lucide/svelte/icons/pen-line";
import Replace from "@lucide/svelte/icons/replace";
import Send from "@lucide/svelte/icons/send";
import SignatureIcon from "@lucide/svelte/icons/signature";
import Stamp from "@lucide/svelte/icons/stamp";
import ThumbsUp from "@lucide/svelte/icons/circle-check-big";
import Undo from "@lucide/svelte/icons/undo-dot";
import type { Dossier, Step } from "@phien/wire";

import { fmtShortDate, fmtTime, t } from "../i18n/index.ts";
import type { IconType, Step as Shown } from "../ui/types.ts";
import { type ActKind, actName, standing } from "./words.ts";

export interface StateChip {
  readonly text: string;
  readonly tone: "neutral" | "sign" | "ready" | "wait" | "live-soft";
  readonly icon: IconType;
}

export const ACT_ICONS: Record<ActKind, IconType> = {
  check: ListChecks, initial: PenLine, approve: ThumbsUp, sign: SignatureIcon, number: Hash, seal: Stamp, issue: Send,
};

const UNSIGNED: ReadonlySet<Dossier["state"]> = new Set(["draft", "checking", "initialling", "approving", "signing", "returned"]);
/** A number that is used cannot be given back. */
const RETURNABLE: ReadonlySet<ActKind> = new Set(["check", "initial", "approve", "sign", "number"]);
const REJECTABLE: ReadonlySet<ActKind> = new Set(["approve", "sign"]);

/** Steps in the order of their ranks; within a rank as they were asked for. */
export function inOrder(steps: readonly Step[]): Step[] {
  return steps.map((step, at) => ({ step, at })).sort((a, b) => a.step.rank - b.step.rank || a.at - b.at).map(({ step }) => step);
}

/** Steps whose turn it is. */
export function waitingSteps(dossier: Pick<Dossier, "steps">): Step[] {
  return inOrder(dossier.steps).filter((step) => step.state === "waiting");
}

/** The way of a paper: the one under way, else the last; one that was replaced is past. */
export function dossierOf(dossiers: readonly Dossier[], paper: string): Dossier | null {
  const of = dossiers.filter((each) => each.paper_id === paper && each.state !== "replaced");
  return of.sort((a, b) => Number(b.closed_at === null) - Number(a.closed_at === null) || b.opened_at.localeCompare(a.opened_at))[0] ?? null;
}

/** Whether anything is still to be done with it. */
export function isOpen(dossier: Pick<Dossier, "closed_at">): boolean {
  return dossier.closed_at === null;
}

/** Whether it is on its way to somebody now. */
export function isUnderWay(dossier: Pick<Dossier, "closed_at" | "state">): boolean {
  return isOpen(dossier) && dossier.state !== "draft" && dossier.state !== "returned";
}

/** Whether nobody has signed yet: until then it may be taken back. */
export function isUnsigned(dossier: Pick<Dossier, "closed_at" | "state" | "steps">): boolean {
  return isOpen(dossier) && UNSIGNED.has(dossier.state) && !dossier.steps.some((step) => step.act === "sign" && step.state === "done");
}

export const isReturnable = (act: ActKind): boolean => RETURNABLE.has(act);
export const isRejectable = (act: ActKind): boolean => REJECTABLE.has(act);

/** "15/GM-UBND · đã đóng dấu", else what the state is alone. */
function numbered(dossier: Dossier, words: string): string {
  return dossier.symbol === "" ? words.charAt(0).toLocaleUpperCase("vi") + words.slice(1) : `${dossier.symbol} · ${words}`;
}

/** The state of a dossier in a few words. */
export function stateChip(dossier: Dossier): StateChip {
  switch (dossier.state) {
    case "draft": return dossier.findings.length > 0 ? { text: t("Chưa đạt thể thức: {count} điểm", { count: dossier.findings.length }), tone: "wait", icon: ListChecks }
      : { text: t("Đã rút về, chưa trình"), tone: "neutral", icon: Undo };
    case "signed": return { text: dossier.steps.some((step) => step.act === "number") ? t("Đã ký, chờ cấp số") : t("Đã ký"), tone: "sign", icon: BadgeCheck };
    case "numbered": return { text: numbered(dossier, t("chờ đóng dấu")), tone: "sign", icon: Hash };
    case "sealed": return { text: numbered(dossier, t("đã đóng dấu")), tone: "live-soft", icon: Stamp };
    case "issued": return { text: numbered(dossier, t("đã ban hành")), tone: "ready", icon: Send };
    case "delivered": return { text: numbered(dossier, t("đã đến nơi nhận")), tone: "ready", icon: MailCheck };
    case "returned": return { text: t("Trả lại: {remarks}", { remarks: reasonOf(dossier) }), tone: "wait", icon: Undo };
    case "rejected": return { text: t("Không duyệt: {remarks}", { remarks: reasonOf(dossier) }), tone: "neutral", icon: CircleX };
    case "replaced": return { text: t("Đã thay bằng bản khác"), tone: "neutral", icon: Replace };
    case "recalled": return { text: numbered(dossier, t("đã thu hồi")), tone: "live-soft", icon: Undo };
    default: return underWay(dossier);
  }
}

function underWay(dossier: Dossier): StateChip {
  const [first, ...more] = waitingSteps(dossier);
  if (dossier.steps.length === 1 && first && more.length === 0) return { text: t("Chờ {name} ký", { name: first.person_name }), tone: "sign", icon: SignatureIcon };
  const done = dossier.steps.filter((step) => step.state === "done").length;
  return { text: t("Đang trình ký {done}/{all}", { done, all: dossier.steps.length }), tone: "sign", icon: SignatureIcon };
}

/** Why it went no further: the remarks of the step, else of the dossier. */
function reasonOf(dossier: Dossier): string {
  return dossier.remarks || (dossier.steps.find((step) => step.state === "returned" || step.state === "rejected")?.remarks ?? "");
}

function moment(at: string): string {
  return `${fmtShortDate(at)} · ${fmtTime(at)}`;
}

function titleOf(dossier: Dossier, step: Step): string {
  return step.act === "number" && step.state === "done" && dossier.symbol !== "" ? t("Cấp số {symbol}", { symbol: dossier.symbol }) : actName(step.act);
}

function whoOf(step: Step): string {
  if (step.person_name !== "") return [step.person_name, standing(step)].filter(Boolean).join(", ");
  return step.act === "check" ? t("Hệ thống kiểm tra theo Nghị định 30/2020") : t("Văn thư");
}

/** The whole way for the list of steps: who, as what, when, and why it was returned. */
export function wayOf(dossier: Dossier): Shown[] {
  return inOrder(dossier.steps).map((step) => {
    const shown: Shown = { title: titleOf(dossier, step), by: whoOf(step), state: stateOf(step), icon: ACT_ICONS[step.act] };
    if (step.remarks !== "") shown.reason = step.remarks;
    if (step.done_at !== null) shown.at = moment(step.done_at);
    else if (step.state === "waiting") shown.at = t("Đến lượt");
    else if (step.state === "withdrawn") shown.at = t("Đã rút");
    return shown;
  });
}

function stateOf(step: Step): Shown["state"] {
  if (step.state === "done") return step.act === "seal" ? "sealed" : "done";
  if (step.state === "returned" || step.state === "rejected") return "returned";
  return step.state === "waiting" ? "current" : "waiting";
}
