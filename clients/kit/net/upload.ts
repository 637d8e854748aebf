/** Uploading a file with progress; `fetch` has none for what is sent, so this is an XMLHttpRequest. */
import { locale } from "../i18n/messages.ts";
import { ApiError } from "./http.ts";
import { newId } from "./ids.ts";

/** Sends `file` as the body; `progress` gets what share (0–1) has gone out. Throws ApiError. */
export function upload<T>(path: string, file: File, progress: (share: number) => void, signal?: AbortSignal): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", "/api/v1" + path);
    request.responseType = "json";
    request.setRequestHeader("Content-Type", "application/pdf");
    request.setRequestHeader("Accept-Language", locale());
    request.setRequestHeader("Idempotency-Key", newId());
    request.upload.onprogress = (event) => { if (event.lengthComputable) progress(event.loaded / event.total); };
    request.onerror = () => { reject(new ApiError("network", "")); };
    request.onabort = () => { reject(new DOMException("aborted", "AbortError")); };
    request.onload = () => {
      if (request.status < 300) { resolve(request.response as T); return; }
      const answer = request.response as { error?: { code: string; text: string; args: Record<string, unknown> } } | null;
      const { code, text, args } = answer?.error ?? { code: "internal", text: request.statusText, args: {} };
      reject(new ApiError(code, text, args, request.status));
    };
    signal?.addEventListener("abort", () => { request.abort(); }, { once: true });
    request.send(file);
  });
}
