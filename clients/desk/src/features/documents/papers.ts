/** What a paper is called and what can be done with it, as the desk shows it. */
import BookOpen from "@lucide/svelte/icons/book-open";
import CircleX from "@lucide/svelte/icons/circle-x";
import Download from "@lucide/svelte/icons/download";
import DownloadOff from "@lucide/svelte/icons/monitor-x";
import History from "@lucide/svelte/icons/history";
import PenLine from "@lucide/svelte/icons/pen-line";
import Replace from "@lucide/svelte/icons/replace";
import Route from "@lucide/svelte/icons/route";
import ShieldCheck from "@lucide/svelte/icons/shield-check";
import Signature from "@lucide/svelte/icons/signature";
import Undo from "@lucide/svelte/icons/undo-dot";
import Tablets from "@lucide/svelte/icons/tablet-smartphone";
import UsersRound from "@lucide/svelte/icons/users-round";
import { isOpen } from "@phien/kit/dossier";
import { fmtShortDate, fmtTime, t } from "@phien/kit/i18n";
import type { MenuItem } from "@phien/kit/ui";
import type { Dossier, MarksOnPaper, Paper, SigningRequest, Version } from "@phien/wire";

export type PaperAct = "view" | "edit" | "replace" | "versions" | "readers" | "devices" | "ask" | "dossier" | "withdraw" | "verify" | "recall" | "downloads" | "stamp";

/** Facts under the title: "4 trang · bản 2 · 23/11 · 09:15". */
export function paperFacts(paper: Paper): string {
  const { version } = paper;
  if (paper.state === "printed") return t("Phát bản giấy tại phòng họp; không có trên hệ thống, không mở được");
  if (!version) return t("Đã thu hồi");
  return [
    paper.symbol,
    t("{count} trang", { count: version.pages }),
    version.no > 1 ? t("bản {number}", { number: version.no }) : "",
    t("đã gửi {time}", { time: `${fmtShortDate(version.issued_at)} · ${fmtTime(version.issued_at)}` }),
    paper.downloadable ? "" : t("chỉ đọc trên máy, không tải về"),
    markFact(version),
    scanFact(version),
  ].filter(Boolean).join(" · ");
}

/** Whether copies carry their readers' names: said where it is not as one would think. */
function markFact({ mark }: Pick<Version, "mark">): string {
  if (mark === "waiting") return t("đang ghi tên người nhận");
  return mark === "screen" ? t("tên người nhận chỉ hiện trên màn hình, không ghi vào tệp") : "";
}

/** What became of pages without words of their own: they are being read by machine, were, or cannot be on this server. */
export function scanFact({ has_text, scan }: Pick<Version, "has_text" | "scan">): string {
  if (!scan) return has_text ? "" : t("ảnh quét, không tìm được chữ");
  const { done, pages } = scan;
  if (scan.state === "running") return t("đang nhận dạng chữ {done}/{pages} trang quét", { done, pages });
  if (scan.state === "off") return t("{pages} trang quét, máy chủ chưa cài phần nhận dạng chữ", { pages });
  return t("đã nhận dạng chữ {pages} trang quét", { pages });
}

interface Rights {
  edit: boolean;
  sign: boolean;
}

/** `signing`: a request that stands alone, without a dossier. */
export function paperMenu(paper: Paper, signing: SigningRequest | null, dossier: Dossier | null, rights: Rights, ask: (act: PaperAct) => void): MenuItem[] {
  const recalled = paper.state === "recalled";
  const line = (label: string, icon: MenuItem["icon"], act: PaperAct): MenuItem => ({ label, ...(icon ? { icon } : {}), onselect: () => { ask(act); } });
  const items: MenuItem[] = [];
  if (paper.state === "printed") {
    if (!rights.edit) return items;
    return [line(t("Sửa dòng ghi"), PenLine, "edit"), { ...line(t("Bỏ dòng phát bản giấy"), Undo, "recall"), final: true }];
  }
  if (!recalled) items.push(line(t("Mở xem tài liệu"), BookOpen, "view"));
  if (rights.edit) items.push(line(t("Sửa tên, ký hiệu"), PenLine, "edit"));
  if (rights.edit) items.push(line(recalled ? t("Gửi bản khác") : t("Thay bằng bản mới"), Replace, "replace"));
  items.push(line(t("Xem các bản ({count})", { count: paper.versions }), History, "versions"));
  if (!recalled) items.push(line(t("Ai đã nhận, đã mở"), UsersRound, "readers"));
  items.push(line(recalled ? t("Máy nào chưa thu hồi") : t("Máy nào đang giữ"), Tablets, "devices"));
  if (rights.edit && !recalled) {
    items.push(paper.downloadable ? line(t("Không cho tải về, chỉ đọc trên máy"), DownloadOff, "downloads") : line(t("Cho tải về"), Download, "downloads"));
  }
  if (dossier) items.push(line(t("Hồ sơ trình ký"), Route, "dossier"));
  const free = dossier === null || !isOpen(dossier);
  if (rights.sign && !recalled && free && signing?.state !== "waiting" && !paper.version?.signed) items.push(line(t("Trình ký"), Signature, "ask"));
  if (rights.sign && free && signing?.state === "waiting") items.push(line(t("Rút trình ký"), CircleX, "withdraw"));
  if (paper.version?.signed) items.push(line(t("Kiểm tra chữ ký"), ShieldCheck, "verify"));
  if (rights.edit && !recalled) items.push({ ...line(t("Thu hồi tài liệu"), Undo, "recall"), final: true });
  return items;
}

/** What hangs on a paper. Of private notes the server says only that there are some, and only where many have them. */
export function marksTold({ shared, private: privates }: MarksOnPaper): string {
  const said = [shared > 0 ? t("{count} ghi chú chung", { count: shared }) : "", privates ? t("có ghi chú riêng") : ""].filter(Boolean);
  return said.length > 0 ? t("Trên bản đang dùng: {what}.", { what: said.join(", ") }) : t("Bản đang dùng chưa có ghi chú chung.");
}
