/** A post, its body and its days in a line of words. */
import { fmtDate, fold, t } from "@phien/kit/i18n";
import type { PostingView } from "@phien/wire";

/** "Chủ tịch · UBND xã Phú Lâm"; a title that names its body already ("Giám đốc Sở Tài chính") stands alone. */
export function postWords(title: string, body: string): string {
  return [title, fold(title).includes(fold(body)) ? "" : body].filter(Boolean).join(" · ");
}

/** "từ 01/12/2026", "từ 01/12/2026 đến 31/12/2030". */
export function spanWords(post: Pick<PostingView, "valid_from" | "valid_to">): string {
  const from = fmtDate(post.valid_from);
  return post.valid_to ? t("từ {from} đến {to}", { from, to: fmtDate(post.valid_to) }) : t("từ {from}", { from });
}
