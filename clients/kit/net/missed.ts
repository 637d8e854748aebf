/** What was missed of a stream and is more than a page: pages in one answer, read as they come. */
import type { MissedEnded, Page } from "@phien/wire";

import { API, ApiError, refusal, send } from "./http.ts";

/** From where a stream is to be told. */
export interface From {
  readonly last_seq: number;
  /** The last entity of a snapshot that is known: kind and id. */
  readonly after: readonly [string, string] | null;
}

/** Pages of catch-up, the last one without `more`. Throws ApiError: `denied`, or `network` where the answer ends before. */
export async function* missedPages(stream: string, { last_seq, after }: From): AsyncGenerator<Page, void, void> {
  const query = new URLSearchParams({ last_seq: String(last_seq), ...(after ? { after_kind: after[0], after_id: after[1] } : {}) });
  const stop = new AbortController();
  const path = `${API}/streams/${encodeURIComponent(stream)}/missed?${query.toString()}`;
  const response = await send(path, { cache: "no-store", credentials: "same-origin", signal: stop.signal });
  if (!response.ok || !response.body) throw await refusal(response);
  try {
    for await (const line of lines(response.body)) {
      const page = JSON.parse(line) as Page | MissedEnded;
      if ("code" in page) throw new ApiError(page.code, "");
      yield page;
      if (!page.more) return;
      await breath();
    }
    throw new ApiError("network", "cut off");
  } finally {
    stop.abort(); // whoever takes no more pages needs no more bytes
  }
}

/** The lines of a body as they become whole; what stands behind the last end of a line is none. */
export async function* lines(body: ReadableStream<Uint8Array>): AsyncGenerator<string, void, void> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let rest = "";
  for (;;) {
    const { done, value } = await read(reader);
    if (done) return;
    const parts = decoder.decode(value, { stream: true }).split("\n");
    const last = parts.pop() ?? "";
    for (const part of parts) {
      yield rest + part;
      rest = "";
    }
    rest += last;
  }
}

async function read(reader: ReadableStreamDefaultReader<Uint8Array>): Promise<ReadableStreamReadResult<Uint8Array>> {
  try {
    return await reader.read();
  } catch (reason) {
    throw new ApiError("network", String(reason));
  }
}

/** Lets frames and the pen come between two pages that are both here; a timer would wait for some milliseconds. */
function breath(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}
