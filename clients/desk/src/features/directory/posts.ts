/** A post and its body in one line. */
import { fold } from "@phien/kit/i18n";

/** "Chủ tịch · UBND xã Phú Lâm"; a title that names its body already ("Giám đốc Sở Tài chính") stands alone. */
export function postWords(title: string, body: string): string {
  return [title, fold(title).includes(fold(body)) ? "" : body].filter(Boolean).join(" · ");
}
