/** Acts on what one was asked to do with a paper, and the way of a paper that has no dossier as steps. */
import Replace from "@lucide/svelte/icons/replace";
import type { Act, Sign, SignBatch, SignedBatch, SigningRequest, SigningReturn, Verification } from "@phien/wire";

import { fmtShortDate, fmtTime, t } from "../i18n/index.ts";
import { act, ApiError, get } from "../net/index.ts";
import type { Step } from "../ui/types.ts";
import { reasonWords } from "../verification/words.ts";

/** Signs, initials, approves: exactly the bytes that were seen; the password opens the key where one is used. */
export function perform(request: SigningRequest, password: string): Promise<SigningRequest> {
  return act<SigningRequest>("POST", `/signing/${request.id}/${request.act}`, { sha256: request.sha256, password } satisfies Sign & Act);
}

/** Signs several with one unlocking; answers for each what became of it. Under the same `key` nothing is done twice. */
export function signTogether(requests: readonly SigningRequest[], password: string, key: string): Promise<SignedBatch> {
  const body: SignBatch = { requests: requests.map(({ id, sha256 }) => ({ id, sha256 })), password };
  return act<SignedBatch>("POST", "/signing/batch", body, { key });
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

/** Where exactly the bytes to sign are fetched, to be signed by other software. */
export function fileToSign({ id }: Pick<SigningRequest, "id">): string {
  return `/api/v1/signing/${id}/file`;
}

/** Brings the file that was signed elsewhere; it is taken if it is the one that was given, with one good signature more. */
export function bringSigned({ id }: Pick<SigningRequest, "id">, file: Blob): Promise<SigningRequest> {
  return act<SigningRequest>("POST", `/signing/${id}/upload`, file.slice(0, file.size, "application/pdf"));
}

export function verify(version: string): Promise<Verification> {
  return get<Verification>(`/versions/${version}/verification`);
}

/** What went wrong, with what is safe. */
export function problemOf(error: unknown): string {
  if (!(error instanceof ApiError) || error.unsent) return t("Mất mạng: văn bản chưa ký.");
  return error.code === "signing.upload_invalid" ? notTaken(String(error.args.why)) : error.message;
}

/** Why a signature that was brought is worth nothing here. */
function notTaken(why: string): string {
  const reason = why === "signatures" ? t("Tệp có hơn một chữ ký mới.") : reasonWords(why);
  return t("Chưa nhận chữ ký trong tệp. {reason} Bản chờ ký còn nguyên.", { reason });
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
