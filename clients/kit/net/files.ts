/** Files that the server makes to be taken away: whole ones, and ones that tell first how far they are. */
import { locale } from "../i18n/messages.ts";
import { API, ApiError, refusal, send } from "./http.ts";

const LINE_END = 10;

/** A file as a whole; nothing of it enters a cache. `path` begins after `/api/v1`. */
export async function getFile(path: string, signal?: AbortSignal): Promise<Blob> {
  const response = await send(API + path, {
    headers: { "Accept-Language": locale() }, cache: "no-store", ...(signal ? { signal } : {}),
  });
  if (!response.ok) throw await refusal(response);
  return whole(response);
}

/** The shapes of the lines that one such answer has. */
export interface Told {
  readonly step: unknown;
  readonly ready: { readonly size: number };
}

/** The last line before a file, and the file. */
export interface Arrived<R> {
  readonly ready: R;
  readonly file: Blob;
}

interface Line {
  readonly type: "step" | "ready" | "failed";
}

/**
 * Asks for a file that is made while one waits: lines of JSON (`step`, at last `ready` with its `size`), then its bytes.
 * Throws ApiError, also where the making fails or the network ends before all bytes are there.
 */
export async function postForFile<M extends Told>(
  path: string, body: unknown, onstep: (step: M["step"]) => void, signal?: AbortSignal,
): Promise<Arrived<M["ready"]>> {
  const response = await send(API + path, {
    method: "POST", body: JSON.stringify(body), cache: "no-store", credentials: "same-origin",
    headers: { "Content-Type": "application/json", "Accept-Language": locale() }, ...(signal ? { signal } : {}),
  });
  if (!response.ok || !response.body) throw await refusal(response);
  const lines = new LinesThenBytes<M["step"], M["ready"]>(onstep);
  const reader = response.body.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      lines.take(value);
    }
  } catch (reason) {
    if (reason instanceof ApiError || (reason instanceof DOMException && reason.name === "AbortError")) throw reason;
    throw new ApiError("network", String(reason));
  }
  return lines.arrived();
}

async function whole(response: Response): Promise<Blob> {
  try {
    return await response.blob();
  } catch (reason) {
    if (reason instanceof DOMException && reason.name === "AbortError") throw reason;
    throw new ApiError("network", String(reason));
  }
}

/** Takes an answer apart as it comes, cut anywhere. */
export class LinesThenBytes<S, R extends { size: number }> {
  readonly #onstep: (step: S) => void;
  readonly #parts: BlobPart[] = [];
  #line = new Uint8Array(0);
  #size = 0;
  #ready: R | null = null;

  constructor(onstep: (step: S) => void) {
    this.#onstep = onstep;
  }

  take(chunk: Uint8Array): void {
    let rest = chunk;
    while (!this.#ready) {
      const end = rest.indexOf(LINE_END);
      this.#line = joined(this.#line, end < 0 ? rest : rest.subarray(0, end));
      if (end < 0) return;
      rest = rest.subarray(end + 1);
      this.#read(new TextDecoder().decode(this.#line));
      this.#line = new Uint8Array(0);
    }
    if (rest.length > 0) this.#parts.push(rest.slice());
    this.#size += rest.length;
  }

  /** All of it. Throws where something is missing. */
  arrived(): Arrived<R> {
    if (!this.#ready || this.#size !== this.#ready.size) throw new ApiError("network", "cut off");
    return { ready: this.#ready, file: new Blob(this.#parts, { type: "application/pdf" }) };
  }

  #read(text: string): void {
    const line = JSON.parse(text) as Line;
    if (line.type === "failed") {
      const { code, text: why } = line as unknown as { code: string; text: string };
      throw new ApiError(code, why);
    }
    if (line.type === "ready") this.#ready = line as unknown as R;
    else this.#onstep(line as unknown as S);
  }
}

function joined(a: Uint8Array, b: Uint8Array): Uint8Array<ArrayBuffer> {
  const both = new Uint8Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}
