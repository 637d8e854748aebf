/** Sending a large file over a bad network: it goes on where it broke off (tus 1.0), waits while there is no network,
 * and ends by asking the server what became of it. */
import type { Arrived, Upload, Uploads } from "@phien/wire";
import { type DetailedError, Upload as Tus } from "tus-js-client";

import { locale } from "../i18n/messages.ts";
import { act, API, ApiError, get } from "./http.ts";
import { newId } from "./ids.ts";

/** So that a proxy that collects a request before it hands it on does not collect the whole file. */
const CHUNK_BYTES = 16 * 1024 * 1024;
/** A line on which nothing moves for so long is taken for broken: begun anew it often works. */
const STALLED_MS = 30_000;
const PAUSES_MS = [500, 1_000, 2_000, 5_000, 10_000, 20_000];
/** The server fails, the network does not: so often, then its sentence stands. */
const SERVER_TRIES = 5;
/** Above it a browser may have no memory to hash a file in one piece; the server finds the same without. */
const HASHED_BYTES = 512 * 1024 * 1024;

export interface Place {
  item: string;
  /** The paper whose next version it is to be. */
  paper: string | null;
}

export interface Sending {
  file: File;
  place: Place;
  /** As `UploadMeta` of the server, without the hash. */
  meta: Record<string, string>;
  /** Though the same file is in another item already. */
  again: boolean;
  signal: AbortSignal;
  /** What share (0–1) the server has or is being sent. */
  progress: (share: number) => void;
  /** Whether it waits for the network. */
  waiting: (offline: boolean) => void;
}

/** Sends it and answers what it became. Throws ApiError; an abort lets go of what the server has of it. */
export async function sendFile(sending: Sending): Promise<Arrived> {
  const sha256 = await hash(sending.file);
  const url = (await begun(sending, sha256)) ?? null;
  const location = await new Transfer(sending, sha256, url).run();
  const id = location.slice(location.lastIndexOf("/") + 1);
  for (let tries = 0; ; tries++) {
    try {
      return await act<Arrived>("POST", `/uploads/${id}/finish`, { again: sending.again }, { signal: sending.signal });
    } catch (error) {
      if (!(error instanceof ApiError && error.unsent) || sending.signal.aborted) throw error;
      sending.waiting(true);
      await pause(tries, sending.signal);
      sending.waiting(false);
    }
  }
}

/** Lets go of what the server has of an upload that goes on no more. */
export async function letGo(id: string): Promise<void> {
  await Tus.terminate(`${API}/uploads/${id}`);
}

/** What the server has of it, from another try, another tab or before this page was loaded anew. */
async function begun({ file, place }: Sending, sha256: string): Promise<string | undefined> {
  if (!sha256) return undefined;
  try {
    const { uploads } = await get<Uploads>(`/items/${place.item}/uploads`);
    const same = (one: Upload): boolean => one.sha256 === sha256 && one.size === file.size && one.paper_id === place.paper;
    const found = uploads.find(same);
    return found && `${API}/uploads/${found.id}`;
  } catch (error) {
    if (error instanceof ApiError && error.unsent) return undefined;
    throw error;
  }
}

/** The SHA-256 of a file in hex, or nothing where this browser cannot tell. */
export async function hash(file: Blob): Promise<string> {
  if (!isSecureContext || file.size > HASHED_BYTES) return "";
  try {
    const digest = await crypto.subtle.digest("SHA-256", await file.arrayBuffer());
    return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  } catch {
    return "";
  }
}

/** One file on its way, through as many broken lines as there are. */
class Transfer {
  readonly #sending: Sending;
  readonly #tus: Tus;
  readonly #key = newId();
  #settle: ((error: Error | null) => void) | null = null;
  #moved = Date.now();
  #sent = 0;

  constructor(sending: Sending, sha256: string, url: string | null) {
    this.#sending = sending;
    const { file, place, meta, again } = sending;
    const endpoint = place.paper ? `${API}/papers/${place.paper}/uploads` : `${API}/items/${place.item}/uploads`;
    this.#tus = new Tus(file, {
      endpoint,
      uploadUrl: url,
      metadata: { ...meta, ...(sha256 ? { sha256 } : {}), ...(again ? { again: "true" } : {}) },
      chunkSize: CHUNK_BYTES,
      retryDelays: null, // tries again here, where it is known whether there is a network
      storeFingerprintForResuming: false, // the server itself tells what it has
      headers: { "Accept-Language": locale() },
      onBeforeRequest: (request) => { if (request.getMethod() === "POST") request.setHeader("Idempotency-Key", this.#key); },
      onProgress: (sent) => { this.#progress(sent); },
      onSuccess: () => { this.#settle?.(null); },
      onError: (error) => { this.#settle?.(refusal(error)); },
    });
  }

  /** Answers the upload's address when the last byte is durable. */
  async run(): Promise<string> {
    let tries = 0;
    for (;;) {
      const before = this.#sent;
      const error = await this.#once();
      if (!error) return this.#tus.url ?? "";
      if (this.#sending.signal.aborted) { await this.#letGo(); throw new DOMException("aborted", "AbortError"); }
      if (this.#sent > before) tries = 0;
      if (!passing(error, tries)) throw error;
      this.#sending.waiting(true);
      await pause(tries++, this.#sending.signal);
      this.#sending.waiting(false);
    }
  }

  /** One try; null when all is there. */
  #once(): Promise<ApiError | null> {
    if (this.#sending.signal.aborted) return Promise.resolve(new ApiError("network", ""));
    return new Promise((resolve) => {
      const stop = (): void => { void this.#tus.abort(); this.#settle?.(new ApiError("network", "")); };
      const watch = setInterval(() => { if (Date.now() - this.#moved > STALLED_MS) stop(); }, 1_000);
      this.#moved = Date.now();
      this.#settle = (error) => {
        this.#settle = null;
        clearInterval(watch);
        this.#sending.signal.removeEventListener("abort", stop);
        globalThis.removeEventListener("offline", stop);
        resolve(error as ApiError | null);
      };
      this.#sending.signal.addEventListener("abort", stop, { once: true });
      globalThis.addEventListener("offline", stop);
      this.#tus.start();
    });
  }

  #progress(sent: number): void {
    this.#moved = Date.now();
    this.#sent = sent;
    this.#sending.progress(sent / this.#sending.file.size);
  }

  async #letGo(): Promise<void> {
    try {
      if (this.#tus.url) await Tus.terminate(this.#tus.url);
    } catch {
      // it goes by itself when its time is over
    }
  }
}

/** Worth another try: the line broke, or the server is away or full, a few times. */
function passing(error: ApiError, tries: number): boolean {
  if (error.unsent || error.code === "uploads.offset" || error.code === "uploads.checksum") return true;
  return error.status >= 500 && tries < SERVER_TRIES;
}

/** What the server said, in its own words; without an answer it was the network. */
function refusal(error: Error | DetailedError): ApiError {
  const answer = "originalResponse" in error ? error.originalResponse : null;
  const status = answer?.getStatus() ?? 0;
  if (!answer || status === 0 || status === 502 || status === 503 || status === 504) return new ApiError("network", String(error));
  try {
    const told = (JSON.parse(answer.getBody()) as { error: { code: string; text: string; args: Record<string, unknown> } }).error;
    return new ApiError(told.code, told.text, told.args, status);
  } catch {
    return new ApiError(status === 404 ? "not_found" : "internal", "", {}, status);
  }
}

/** A while that grows with each try; ends at once when the network is back, or when nobody waits any more. */
function pause(tries: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      globalThis.removeEventListener("online", done);
      signal.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, PAUSES_MS[Math.min(tries, PAUSES_MS.length - 1)]);
    globalThis.addEventListener("online", done);
    signal.addEventListener("abort", done);
  });
}
