/** Acts on a request to sign, and the way of the paper as steps. */
import { fmtShortDate, fmtTime, t } from "@phien/kit/i18n";
import { act, ApiError, get } from "@phien/kit/net";
import type { Step } from "@phien/kit/ui";
import type { Sign, SigningRequest, SigningReturn, Verification } from "@phien/wire";
import Replace from "@lucide/svelte/icons/replace";

export function signPaper(request: SigningRequest, password: string): Promise<SigningRequest> {
  const body: Sign = { sha256: request.sha256, password };
  return act<SigningRequest>("POST", `/signing/${request.id}/sign`, body);
}

export function giveBack(request: SigningRequest, remarks: string): Promise<SigningRequest> {
  const body: SigningReturn = { remarks: remarks.trim() };
  return act<SigningRequest>("POST", `/signing/${request.id}/return`, body);
}

export function verify(version: string): Promise<Verification> {
  return get<Verification>(`/versions/${version}/verification`);
}

/** What went wrong, with what is safe. */
export function problemOf(error: unknown): string {
  if (error instanceof ApiError && !error.unsent) return error.message;
  return t("Mất mạng: văn bản chưa ký.");
}

function moment(at: string): string {
  return `${fmtShortDate(at)} · ${fmtTime(at)}`;
}

/** Trình ký, ký, and what the signature leads to. */
export function stepsOf(request: SigningRequest, asker: string): Step[] {
  const asked: Step = { title: t("Trình ký"), by: asker, state: "done", at: moment(request.requested_at) };
  const by = request.official_name;
  const decided = request.decided_at ? { at: moment(request.decided_at) } : {};
  switch (request.state) {
    case "waiting":
      return [asked, { title: t("Ký"), by, state: "current", at: t("Đến lượt") }, { title: t("Thay bản trong cuộc họp"), by: t("Người dự nhận bản đã ký"), state: "waiting", icon: Replace }];
    case "signed":
      return [asked, { title: t("Ký"), by, state: "done", ...decided }, { title: t("Thay bản trong cuộc họp"), by: t("Người dự đã nhận bản đã ký"), state: "done" }];
    case "returned":
      return [asked, { title: t("Trả lại"), by, state: "returned", reason: request.remarks, ...decided }];
    case "withdrawn":
      return [asked, { title: t("Rút lại yêu cầu ký"), by: asker, state: "waiting", ...decided }];
  }
}

/** The hash in groups that two people can compare by voice. */
export function spokenHash(sha256: string): string {
  return (sha256.slice(0, 12).toUpperCase().match(/.{4}/g) ?? []).join(" · ");
}
