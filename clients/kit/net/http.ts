/** Asking the server by HTTP: JSON, one error type, and acts that are safe to send again. */
import { locale } from "../i18n/messages.ts";
import { newId } from "./ids.ts";

export const API = "/api/v1";
const RETRIES = 3;
const RETRY_MS = 700;

/** Why the server did not do it. `code` is stable; `message` is a sentence in the reader's language. */
export class ApiError extends Error {
  constructor(
    readonly code: string,
    message: string,
    readonly args: Readonly<Record<string, unknown>> = {},
    readonly status = 0,
  ) {
    super(message);
    this.name = "ApiError";
  }

  /** Whether the request may never have arrived: the network failed, or the server was away. */
  get unsent(): boolean {
    return this.code === "network";
  }
}

export type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

interface Options {
  /** The language of error sentences; else that of the screen. */
  lang?: string;
  signal?: AbortSignal;
  /** The act's identity; the same act sent again by the user carries the same key. */
  key?: string;
}

/** Reads; `path` begins after `/api/v1`. */
export async function get<T>(path: string, options: Options = {}): Promise<T> {
  return request<T>("GET", path, undefined, options);
}

/**
 * Acts. Sent again by itself where the network fails, under one key, so that nothing happens twice.
 * Throws ApiError.
 */
export async function act<T>(method: Exclude<Method, "GET">, path: string, body?: unknown, options: Options = {}): Promise<T> {
  const key = options.key ?? newId();
  for (let attempt = 1; ; attempt++) {
    try {
      return await request<T>(method, path, body, { ...options, key });
    } catch (error) {
      if (!(error instanceof ApiError) || !error.unsent || attempt === RETRIES) throw error;
      await pause(RETRY_MS * attempt);
    }
  }
}

/** Bytes of a version from `begin` to before `end`, for the PDF engine; nothing of it enters a cache. */
export async function getRange(path: string, begin: number, end: number, signal?: AbortSignal): Promise<ArrayBuffer> {
  const response = await send(API + path, {
    headers: { Range: `bytes=${begin}-${end - 1}` },
    cache: "no-store",
    ...(signal ? { signal } : {}),
  });
  if (!response.ok) throw await refusal(response);
  return response.arrayBuffer();
}

/** A picture as bytes; nothing of it enters a cache. */
export async function getPicture(path: string): Promise<ArrayBuffer> {
  const response = await send(API + path, { cache: "no-store" });
  if (!response.ok) throw await refusal(response);
  return response.arrayBuffer();
}

async function request<T>(method: Method, path: string, body: unknown, options: Options): Promise<T> {
  const headers: Record<string, string> = { Accept: "application/json", "Accept-Language": options.lang ?? locale() };
  if (options.key) headers["Idempotency-Key"] = options.key;
  const raw = body instanceof Blob || body instanceof ArrayBuffer;
  if (body !== undefined && !raw) headers["Content-Type"] = "application/json";
  const init: RequestInit = { method, headers, cache: "no-store", credentials: "same-origin" };
  if (body !== undefined) init.body = raw ? body : JSON.stringify(body);
  if (options.signal) init.signal = options.signal;
  const response = await send(API + path, init);
  if (!response.ok) throw await refusal(response);
  return (await response.json()) as T;
}

/** Fetches; a network that failed is an ApiError too. */
export async function send(url: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(url, init);
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    throw new ApiError("network", String(error));
  }
}

/** What the server says of why not. */
export async function refusal(response: Response): Promise<ApiError> {
  try {
    const { error } = (await response.json()) as { error: { code: string; text: string; args: Record<string, unknown> } };
    return new ApiError(error.code, error.text, error.args, response.status);
  } catch {
    const away = response.status === 502 || response.status === 503 || response.status === 504;
    return new ApiError(away ? "network" : "internal", response.statusText, {}, response.status);
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
