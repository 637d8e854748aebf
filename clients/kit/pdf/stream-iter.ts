/** Lets `for await` read a ReadableStream, which Safari before 27 cannot: pdf.js takes text out of pages that way.
 *
 * Import it before pdf.js, in the page and in the worker.
 */

async function* values<T>(this: ReadableStream<T>): AsyncGenerator<T, undefined> {
  const reader = this.getReader();
  let finished = false;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) {
        finished = true;
        return undefined;
      }
      yield value;
    }
  } finally {
    // Left early by break or throw: nobody will read the rest.
    if (!finished) await reader.cancel();
    reader.releaseLock();
  }
}

const prototype = ReadableStream.prototype as unknown as Record<symbol, unknown>;
prototype[Symbol.asyncIterator] ??= values;

export {};
