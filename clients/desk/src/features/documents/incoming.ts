/** What is told of files that came in and are no paper yet. */
import { fmtBytes, t } from "@phien/kit/i18n";
import type { Incoming } from "@phien/wire";

/** As the file is called here: by its title, or by its own name where it keeps the title of a paper it replaces. */
export function incomingName(one: Pick<Incoming, "title" | "filename">): string {
  return one.title || one.filename;
}

/** Facts under the name: "Word · bản mới của tài liệu đang có · 4 trang". */
export function incomingFacts(one: Incoming): string {
  return [
    one.symbol,
    one.files > 1 ? t("{count} ảnh ghép thành một tài liệu", { count: one.files }) : kindOf(one.format),
    one.paper_id ? t("sẽ thay bản đang dùng") : "",
    one.pages > 0 ? t("{count} trang", { count: one.pages }) : "",
    one.size > 0 ? fmtBytes(one.size) : "",
    one.stage === "ready" ? t("chưa phát hành") : "",
  ].filter(Boolean).join(" · ");
}

/** What kind of file it was, as people call it. */
export function kindOf(format: string): string {
  if (["docx", "doc", "odt", "rtf"].includes(format)) return t("Tệp văn bản {ending}", { ending: format });
  if (["xlsx", "xls", "ods"].includes(format)) return t("Bảng tính {ending}", { ending: format });
  if (["pptx", "ppt", "odp"].includes(format)) return t("Trình chiếu {ending}", { ending: format });
  return format === "pdf" ? "PDF" : t("Ảnh {ending}", { ending: format });
}

export interface Progress {
  label: string;
  value: number;
  text: string;
}

/** How far a file is: its own pictures where it has several, else its place among the files that are to be converted. */
export function progressOf(one: Incoming, all: readonly Incoming[]): Progress {
  if (one.stage === "arriving") return { label: t("Đã nhận ảnh"), value: one.done / one.files, text: `${one.done}/${one.files}` };
  if (one.files > 1) return { label: t("Đang chuyển ảnh sang PDF"), value: one.done / one.files, text: `${Math.min(one.done + 1, one.files)}/${one.files}` };
  const queue = all.filter((each) => ["waiting", "converting", "ready"].includes(each.stage)).sort((a, b) => (a.id < b.id ? -1 : 1));
  const place = queue.findIndex((each) => each.id === one.id) + 1;
  return { label: t("Đang chuyển sang PDF"), value: (place - 0.5) / queue.length, text: `${place}/${queue.length}` };
}

/** Why a file could not be converted, and what to do about it. */
export function whyFailed(reason: string | null): string {
  switch (reason) {
    case "documents.convert_timeout": return t("Chuyển quá lâu nên đã dừng. Xuất ra PDF rồi gửi lại.");
    case "documents.no_converter": return t("Máy chủ chưa cài LibreOffice. Xuất ra PDF rồi gửi lại.");
    case "documents.too_many_pages": return t("Bản PDF có quá nhiều trang. Chia thành nhiều tệp rồi gửi lại.");
    case "documents.too_large": return t("Bản PDF quá lớn. Nén ảnh trong tệp rồi gửi lại.");
    case "documents.pixels": return t("Trong tệp có ảnh quá lớn. Thu nhỏ ảnh rồi gửi lại.");
    case "documents.no_pages": return t("Tệp không có trang nào để in. Đặt vùng in rồi gửi lại.");
    default: return t("Không chuyển được sang PDF. Mở tệp, xuất ra PDF rồi gửi lại.");
  }
}

/** Whether trying once more may help: not where the file itself is at fault. */
export function mayRetry(reason: string | null): boolean {
  return ["documents.not_converted", "documents.convert_timeout", "documents.no_converter", "worker_failed", "worker_timeout"].includes(reason ?? "");
}
