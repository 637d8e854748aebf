/** Words for what a person's access is. */
import { t } from "@phien/kit/i18n";
import type { Choice } from "@phien/kit/ui";
import type { Grant } from "@phien/wire";

export function grantChoices(): Choice<Grant["role"]>[] {
  return [
    { value: "secretary", label: t("Thư ký") },
    { value: "clerk", label: t("Văn thư") },
    { value: "official", label: t("Người ký") },
    { value: "administrator", label: t("Quản trị") },
  ];
}

/** "Thư ký, Ủy ban nhân dân thành phố"; without a body it holds everywhere. */
export function grantWords(grant: Grant, bodies: ReadonlyMap<string, string>): string {
  const role = grantChoices().find((each) => each.value === grant.role)?.label ?? grant.role;
  if (grant.role === "administrator") return role;
  return t("{role}, {where}", { role, where: grant.body_id === null ? t("mọi cơ quan") : (bodies.get(grant.body_id) ?? t("cơ quan đã ngừng")) });
}

/** Without doubles; an administrator's grant never names a body. */
export function tidy(grants: readonly Grant[]): Grant[] {
  const seen = new Map<string, Grant>();
  for (const grant of grants) {
    const kept = grant.role === "administrator" ? { ...grant, body_id: null } : grant;
    seen.set(`${kept.role}/${kept.body_id ?? ""}`, kept);
  }
  return [...seen.values()];
}

/** A user name out of a full name: "Ngô Phương Dung" → "dungnp", as offices write them. */
export function userOf(folded: string): string {
  const words = folded.replace(/[^a-z ]/g, "").split(/\s+/).filter(Boolean);
  const given = words.at(-1) ?? "";
  return given + words.slice(0, -1).map((word) => word.charAt(0)).join("");
}
