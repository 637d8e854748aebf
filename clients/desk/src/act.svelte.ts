/** One act of the user at a time: runs it, says that it runs, and keeps the sentence when it is refused. */
import { t } from "@phien/kit/i18n";
import { act, ApiError, type Method, newId } from "@phien/kit/net";

/** A sentence for whatever went wrong. */
export function sentence(error: unknown): string {
  if (!(error instanceof ApiError)) return t("Máy chủ gặp lỗi, chưa làm được.");
  if (error.unsent) return t("Mất mạng, chưa gửi được.");
  return error.message || t("Máy chủ gặp lỗi, chưa làm được.");
}

export class Act {
  busy = $state(false);
  error = $state<string | null>(null);
  /** The stable code of the refusal. */
  code = $state<string | null>(null);
  #unsent: { what: string; key: string } | null = null;

  /** Sends it and answers what the server said; undefined when refused or when one is under way already. */
  async send<T>(method: Exclude<Method, "GET">, path: string, body?: unknown): Promise<T | undefined> {
    if (this.busy) return undefined;
    this.busy = true;
    this.clear();
    const what = `${method} ${path} ${body instanceof File ? `${body.size} ${body.lastModified}` : JSON.stringify(body)}`;
    // The same act tried again after the network failed may have arrived: it keeps its key.
    const key = this.#unsent?.what === what ? this.#unsent.key : newId();
    this.#unsent = { what, key };
    try {
      const answer = await act<T>(method, path, body, { key });
      this.#unsent = null;
      return answer;
    } catch (error) {
      this.error = sentence(error);
      this.code = error instanceof ApiError ? error.code : null;
      if (!(error instanceof ApiError && error.unsent)) this.#unsent = null;
      return undefined;
    } finally {
      this.busy = false;
    }
  }

  clear(): void {
    this.error = null;
    this.code = null;
  }
}
