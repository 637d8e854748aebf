/** Files on their way to the server: each with its progress, in the order in which they were chosen, and the server's
 * sentence where one is refused. */
import { ApiError, get, newId } from "@phien/kit/net";
import { letGo, type Sending, sendFile } from "@phien/kit/net/sending.ts";
import type { Arrived, Paper, Upload as Begun, Uploads as BegunList } from "@phien/wire";

import { sentence } from "../../act.svelte.ts";

/** More at once only share the same line. */
const AT_ONCE = 2;
/** What the server takes; the content decides, the names only help to choose. */
export const ACCEPT = ".pdf,.docx,.xlsx,.pptx,.odt,.ods,.odp,.doc,.xls,.ppt,.rtf,.png,.jpg,.jpeg,.tif,.tiff,.gif,.webp,.bmp";

interface Way {
  item: string;
  paper: string | null;
  meta: Record<string, string>;
  /** Papers of one lane go one after another: the server lists them as they come. */
  lane: string;
}

export class Upload {
  share = $state(0);
  state = $state<"waiting" | "sending" | "offline" | "checking" | "elsewhere" | "refused">("waiting");
  error = $state<string | null>(null);
  /** Though the same file is in another item already. */
  again = false;
  readonly stop = new AbortController();

  constructor(readonly file: File, readonly way: Way) {}

  get item(): string {
    return this.way.item;
  }
}

type Send = (sending: Sending) => Promise<Arrived>;

/** All uploads of this desk. What is done leaves the list: the paper itself comes by its stream. */
export class Uploads {
  all = $state<Upload[]>([]);
  /** What the server has of files that were begun before, by item; to go on, the same file is chosen again. */
  begun = $state<Record<string, Begun[]>>({});
  readonly #send: Send;

  constructor(send: Send = sendFile) {
    this.#send = send;
  }

  of(item: string): Upload[] {
    return this.all.filter((each) => each.item === item);
  }

  /** Files of an item that were begun and are not on their way now. */
  left(item: string): Begun[] {
    const moving = this.of(item);
    return (this.begun[item] ?? []).filter((one) => !moving.some((each) => each.file.size === one.size && meant(each) === one.filename));
  }

  /** Asks the server what was begun. What cannot be asked now is asked when the item is shown again. */
  async look(item: string): Promise<void> {
    try {
      this.begun[item] = (await get<BegunList>(`/items/${item}/uploads`)).uploads;
    } catch {
      return;
    }
  }

  /** Lets go of what the server has of a file. */
  async forget(one: Begun): Promise<void> {
    try {
      await letGo(one.id);
    } catch {
      // it goes by itself when its time is over
    } finally {
      await this.look(one.item_id);
    }
  }

  /** New papers of an item; `joined`: all files are pages of one paper. */
  add(item: string, files: readonly File[], { purpose = "paper", joined = false }: { purpose?: Paper["purpose"]; joined?: boolean } = {}): void {
    const batch = newId();
    for (const [index, file] of files.entries()) {
      const meta: Record<string, string> = { filename: nameOf(file), purpose };
      if (joined) Object.assign(meta, { batch, part: String(index + 1), parts: String(files.length) });
      this.all.push(new Upload(file, { item, paper: null, meta, lane: item }));
    }
    this.#next();
  }

  /** The next version of a paper. */
  replace(paper: Paper, file: File): void {
    this.all.push(new Upload(file, { item: paper.item_id, paper: paper.id, meta: { filename: nameOf(file) }, lane: paper.id }));
    this.#next();
  }

  /** Adds it though the same file is in another item already. */
  addAnyway(one: Upload): void {
    one.again = true;
    one.error = null;
    one.state = "waiting";
    this.#next();
  }

  /** Stops it, or takes a refused one off the list. */
  drop(one: Upload): void {
    one.stop.abort();
    this.all = this.all.filter((each) => each !== one);
  }

  #next(): void {
    const running = this.all.filter((each) => ["sending", "offline", "checking"].includes(each.state));
    for (const one of this.all) {
      if (running.length >= AT_ONCE) return;
      if (one.state !== "waiting" || running.some((other) => other.way.lane === one.way.lane)) continue;
      one.state = "sending";
      running.push(one);
      void this.#run(one);
    }
  }

  async #run(one: Upload): Promise<void> {
    const { item, paper, meta } = one.way;
    try {
      await this.#send({
        file: one.file, place: { item, paper }, meta, again: one.again, signal: one.stop.signal,
        progress: (share) => { one.share = share; one.state = share >= 1 ? "checking" : "sending"; },
        waiting: (offline) => { one.state = offline ? "offline" : one.share >= 1 ? "checking" : "sending"; },
      });
      this.all = this.all.filter((each) => each !== one);
    } catch (error) {
      one.state = error instanceof ApiError && error.code === "documents.duplicate_elsewhere" ? "elsewhere" : "refused";
      one.error = sentence(error);
    } finally {
      void this.look(item);
      this.#next();
    }
  }
}

function nameOf(file: File): string {
  return file.name.normalize("NFC");
}

function meant(one: Upload): string {
  return one.way.meta.filename ?? "";
}

/** Whether several files were chosen that are pages rather than papers: pictures, scans. */
export function areImages(files: readonly File[]): boolean {
  return files.length > 1 && files.every((file) => /\.(png|jpe?g|tiff?|gif|webp|bmp)$/i.test(file.name));
}

export const uploads = new Uploads();
