/** A check of signatures in words: the verdict, its first reason, the facts. Pure. */
import { fmtClock, fmtDate, t } from "@phien/kit/i18n";
import { spokenHash } from "@phien/kit/dossier/requests.ts";
import { why } from "@phien/kit/verification/words.ts";
import type { Report, SignatureReport } from "@phien/wire";

export interface VerdictWords {
  readonly verdict: "valid" | "invalid" | "indeterminate";
  readonly about: string;
  readonly reason: string;
  readonly facts: { name: string; value: string }[];
}

/** Null for a file that nobody signed: there is nothing to judge. */
export function verdictWords(report: Report): VerdictWords | null {
  if (report.verdict === "unsigned") return null;
  const signatures = report.signatures.filter((one) => one.kind === "signature");
  return {
    verdict: report.verdict,
    about: t("{count} chữ ký", { count: signatures.length }),
    reason: report.verdict === "valid" ? "" : why(report),
    facts: [...signatures.flatMap(factsOf), { name: t("Nội dung"), value: integrityWords(report) }, { name: t("Mã tệp"), value: spokenHash(report.sha256) }],
  };
}

function integrityWords(report: Report): string {
  if (report.integrity === "intact") return t("Không thay đổi từ khi ký");
  return report.integrity === "modified" ? t("Đã thay đổi sau khi ký") : t("Không khớp với chữ ký");
}

function factsOf(signature: SignatureReport): { name: string; value: string }[] {
  const facts = [{ name: t("Người ký"), value: signature.signer }];
  if (signature.organisation) facts.push({ name: t("Cơ quan"), value: signature.organisation });
  if (signature.claimed_time) facts.push({ name: t("Thời điểm ký"), value: `${fmtDate(signature.claimed_time)} ${fmtClock(signature.claimed_time)}` });
  if (signature.issuer) facts.push({ name: t("Nơi cấp chứng thư"), value: signature.issuer });
  if (signature.valid_until) facts.push({ name: t("Chứng thư"), value: t("Còn hạn đến {date}", { date: fmtDate(signature.valid_until) }) });
  return facts;
}
