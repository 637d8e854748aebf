/** Files on their way to the server: each with its progress, in the order in which they were chosen, and the server's
 * sentence where one is refused. */
import { ApiError, upload } from "@phien/kit/net";
import type { Paper } from "@phien/wire";

import { sentence } from "../../act.svelte.ts";

/** More at once only share the same line. */
const AT_ONCE = 2;

interface Way {
  path: string;
  /** Papers of one lane go one after another: the server lists them as they come. */
  lane: string;
}

export class Upload {
  share = $state(0);
  state = $state<"waiting" | "sending" | "checking" | "refused">("waiting");
  error = $state<string | null>(null);
  /** Refused by the network, not by the server: worth the same again. */
  again = $state(false);
  readonly stop = new AbortController();

  constructor(readonly file: File, readonly item: string, readonly way: Way) {}
}

type Send = (path: string, file: File, progress: (share: number) => void, signal: AbortSignal) => Promise<Paper>;

/** All uploads of this desk. What is done leaves the list: the paper itself comes by its stream. */
export class Uploads {
  all = $state<Upload[]>([]);
  readonly #send: Send;

  constructor(send: Send = upload) {
    this.#send = send;
  }

  of(item: string): Upload[] {
    return this.all.filter((each) => each.item === item);
  }

  /** New papers of an item. */
  add(item: string, files: readonly File[], purpose: Paper["purpose"] = "paper"): void {
    for (const file of files) {
      this.all.push(new Upload(file, item, { path: `/items/${item}/papers?${query(file, { purpose })}`, lane: item }));
    }
    this.#next();
  }

  /** The next version of a paper. */
  replace(paper: Paper, file: File): void {
    this.all.push(new Upload(file, paper.item_id, { path: `/papers/${paper.id}/versions?${query(file)}`, lane: paper.id }));
    this.#next();
  }

  retry(one: Upload): void {
    this.drop(one);
    this.all.push(new Upload(one.file, one.item, one.way));
    this.#next();
  }

  /** Stops it, or takes a refused one off the list. */
  drop(one: Upload): void {
    one.stop.abort();
    this.all = this.all.filter((each) => each !== one);
  }

  #next(): void {
    const running = this.all.filter((each) => each.state === "sending" || each.state === "checking");
    for (const one of this.all) {
      if (running.length >= AT_ONCE) return;
      if (one.state !== "waiting" || running.some((other) => other.way.lane === one.way.lane)) continue;
      one.state = "sending";
      running.push(one);
      void this.#run(one);
    }
  }

  async #run(one: Upload): Promise<void> {
    try {
      await this.#send(one.way.path, one.file, (share) => {
        one.share = share;
        if (share >= 1) one.state = "checking";
      }, one.stop.signal);
      this.all = this.all.filter((each) => each !== one);
    } catch (error) {
      one.state = "refused";
      one.error = sentence(error);
      one.again = error instanceof ApiError && error.unsent;
    } finally {
      this.#next();
    }
  }
}

function query(file: File, more: Record<string, string> = {}): string {
  return new URLSearchParams({ filename: file.name.normalize("NFC"), ...more }).toString();
}

export const uploads = new Uploads();
