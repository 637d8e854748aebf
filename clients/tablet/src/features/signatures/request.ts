/** Acts on what one was asked to do with a paper, and the way of a paper that has no dossier as steps. */
import { fmtShortDate, fmtTime, t } from "@phien/kit/i18n";
import { act, ApiError, get } from "@phien/kit/net";
import type { Step } from "@phien/kit/ui";
import type { Act, Sign, SignBatch, SignedBatch, SigningRequest, SigningReturn, Verification } from "@phien/wire";
import Replace from "@lucide/svelte/icons/replace";

/** Signs, initials, approves: exactly the bytes that were seen; the password opens the key where one is used. */
export function perform(request: SigningRequest, password: string): Promise<SigningRequest> {
  return act<SigningRequest>("POST", `/signing/${request.id}/${request.act}`, { sha256: request.sha256, password } satisfies Sign & Act);
}

/** Signs several with one unlocking; answers for each what became of it. */
export function signTogether(requests: readonly SigningRequest[], password: string): Promise<SignedBatch> {
  const body: SignBatch = { requests: requests.map(({ id, sha256 }) => ({ id, sha256 })), password };
  return act<SignedBatch>("POST", "/signing/batch", body);
}

export function giveBack(request: SigningRequest, remarks: string): Promise<SigningRequest> {
  const body: SigningReturn = { remarks: remarks.trim() };
  return act<SigningRequest>("POST", `/signing/${request.id}/return`, body);
}

/** Ends the way of the paper. */
export function reject(request: SigningRequest, remarks: string): Promise<SigningRequest> {
  const body: SigningReturn = { remarks: remarks.trim() };
  return act<SigningRequest>("POST", `/signing/${request.id}/reject`, body);
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
