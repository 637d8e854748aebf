/** What this desk is called in the list of devices, from what the browser says of itself. */
import { t } from "@phien/kit/i18n";

export function deskName(): string {
  const system = /Windows|Mac OS|Android|iPad|iPhone|Linux/.exec(navigator.userAgent)?.[0] ?? "";
  return system ? t("Máy văn phòng, {system}", { system }) : t("Máy văn phòng");
}
