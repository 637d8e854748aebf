/** The registry of a body: what waits for its clerk, and the book of issued papers in words. Pure. */
import { fmtDate, t } from "@phien/kit/i18n";
import { type ActKind, OF_REGISTRY, waitingSteps } from "@phien/kit/dossier";
import type { BookEntry, Dossier, Me } from "@phien/wire";

/** No series of a year gets further. */
const MOST = 1_000_000;

/** Bodies whose registry the person keeps; null stands for all of them. */
export function keeps(me: Pick<Me, "grants"> | null): ReadonlySet<string> | null {
  const bodies = new Set<string>();
  for (const grant of me?.grants ?? []) {
    if (grant.role !== "clerk") continue;
    if (grant.body_id === null) return null;
    bodies.add(grant.body_id);
  }
  return bodies;
}

export function keepsAny(me: Pick<Me, "grants"> | null): boolean {
  return me?.grants.some((grant) => grant.role === "clerk") ?? false;
}

/** What the registry does next with a paper; null where it is not its turn, or another clerk's by name. */
export function turnOf(dossier: Dossier, me: Pick<Me, "grants" | "person_id"> | null): ActKind | null {
  if (dossier.closed_at !== null) return null;
  const bodies = keeps(me);
  const step = waitingSteps(dossier).find((each) => OF_REGISTRY.has(each.act));
  if (!step) return null;
  if (step.person_id !== "") return step.person_id === me?.person_id ? step.act : null;
  return bodies === null || bodies.has(dossier.body_id) ? step.act : null;
}

export interface Pile {
  readonly act: ActKind;
  readonly dossiers: Dossier[];
}

/** What waits for the clerk, by act; within an act what has waited longest first. */
export function piles(dossiers: readonly Dossier[], me: Pick<Me, "grants" | "person_id"> | null): Pile[] {
  const since = (dossier: Dossier): string => dossier.steps.map((step) => step.done_at ?? "").sort().at(-1) ?? dossier.opened_at;
  return (["number", "seal", "issue"] as const).map((act) => ({
    act, dossiers: dossiers.filter((each) => turnOf(each, me) === act).sort((a, b) => since(a).localeCompare(since(b))),
  })).filter((pile) => pile.dossiers.length > 0);
}

/** Where a line of the book stands. */
export function entryWords(entry: Pick<BookEntry, "state" | "reason">): string {
  switch (entry.state) {
    case "reserved": return t("Đang ghi số lên văn bản");
    case "paper": return t("Văn bản giấy");
    case "opening": return t("Sổ giấy");
    case "struck": return entry.reason ? t("Gạch, không ban hành: {reason}", { reason: entry.reason }) : t("Gạch, không ban hành");
    case "numbered": return t("Đã cấp số");
    case "sealed": return t("Đã đóng dấu");
    case "issued": return t("Đã ban hành");
    case "delivered": return t("Đã đến nơi nhận");
    case "recalled": return t("Đã thu hồi");
  }
}

/** Title as the book has it; what was decided in a closed sitting is not told to everybody. */
export function entryTitle(entry: Pick<BookEntry, "title" | "state">): string {
  if (entry.title !== "") return entry.title;
  return entry.state === "opening" ? t("Đã cấp trên sổ giấy đến số này") : t("Văn bản của phần họp kín");
}

/** "10/11/2026": the day of a line, which has no hour. */
export function entryDay(entry: Pick<BookEntry, "dated">): string {
  return entry.dated === "" ? "" : fmtDate(entry.dated);
}

/** The last number of the book on paper, as typed; null where it is none. */
export function lastOf(text: string): number | null {
  const match = /^\s*(\d{1,7})\s*$/.exec(text);
  const last = Number(match?.[1] ?? 0);
  return last >= 1 && last <= MOST ? last : null;
}

/** Pages as typed, "1, 3-5", in order and each once; null where it is not that, or beyond the paper. */
export function pagesOf(text: string, most: number): number[] | null {
  const found = new Set<number>();
  for (const part of text.split(",").map((each) => each.trim()).filter(Boolean)) {
    const match = /^(\d{1,5})(?:\s*[-–]\s*(\d{1,5}))?$/.exec(part);
    const first = Number(match?.[1]);
    const last = Number(match?.[2] ?? match?.[1]);
    if (!match || first < 1 || last < first || last > most) return null;
    for (let page = first; page <= last; page += 1) found.add(page);
  }
  return found.size === 0 ? null : [...found].sort((a, b) => a - b);
}
