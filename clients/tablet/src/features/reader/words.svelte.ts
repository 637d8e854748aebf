/** The words of papers while they are searched or read as text: from the server, else out of the file on this device. */
import { t } from "@phien/kit/i18n";
import { ApiError } from "@phien/kit/net";
import { joinText, type PdfDoc } from "@phien/kit/pdf";
import type { RecognisedPage, Scan, Version } from "@phien/wire";

import { fetchWords, type Words } from "../../runtime/beside.ts";
import type { Live } from "../../runtime/live.svelte.ts";

/** Versions whose words stay in memory, nowhere else, while one is signed in; those not asked for the longest go first. */
const MOST = 40;
const shelves = new WeakMap<Live, Map<string, Words>>();
const NOBODY: ReadonlySet<number> = new Set();

/** The words of every page of a version; throws ApiError. A paper that cannot be read has only empty pages. */
export async function wordsOf(app: Live, version: Pick<Version, "id" | "pages" | "scan">, signal?: AbortSignal): Promise<Words> {
  const key = `${version.id}:${version.scan?.done ?? 0}`; // there are more with every page that is read
  const known = shelves.get(app)?.get(key);
  if (known) return remember(app, key, known);
  const here = app.online ? null : await kept(app, version.id);
  const { pages: found, machine } = here ?? await fetchWords(version.id, signal);
  const pages = [...found];
  while (pages.length < version.pages) pages.push("");
  return remember(app, key, { pages, machine });
}

/** As they lie on this device. */
async function kept(app: Live, version: string): Promise<Words | null> {
  const pages = await app.runtime.papers.words(version);
  if (!pages) return null;
  const read = (await app.runtime.papers.read(version)) as readonly RecognisedPage[] | null;
  return { pages, machine: new Set(read?.map(({ page }) => page)) };
}

/** What was withdrawn or recalled does not stay: only these versions do. */
export function keepWords(app: Live, versions: readonly string[]): void {
  const kept = shelves.get(app);
  for (const version of kept?.keys() ?? []) if (!versions.includes(version.slice(0, version.indexOf(":")))) kept?.delete(version);
}

function remember(app: Live, version: string, words: Words): Words {
  // eslint-disable-next-line svelte/prefer-svelte-reactivity -- nothing on screen reads it
  const kept = shelves.get(app) ?? new Map<string, Words>();
  shelves.set(app, kept);
  kept.delete(version);
  kept.set(version, words);
  const oldest = kept.keys().next();
  if (kept.size > MOST && !oldest.done) kept.delete(oldest.value);
  return words;
}

/** The words of the paper on screen. */
export class PaperWords {
  /** Null until they are known. */
  pages = $state.raw<readonly string[] | null>(null);
  /** Pages whose words a machine has read. */
  machine = $state.raw<ReadonlySet<number>>(NOBODY);
  /** How far the pages without words of their own have been read; null where there are none. */
  scan = $state.raw<Scan | null>(null);
  problem = $state<string | null>(null);
  /** Pages read so far, where they are read out of the file. */
  done = $state(0);
  readonly #app: Live;
  readonly #version: Version;
  readonly #doc: () => PdfDoc | null;
  readonly #gone = new AbortController();
  #loading = false;

  constructor(app: Live, version: Version, doc: () => PdfDoc | null) {
    this.#app = app;
    this.#version = version;
    this.#doc = doc;
    this.scan = version.scan ?? null;
  }

  /** More pages have been read: words that are on screen come anew. */
  async scanned(scan: Scan | null): Promise<void> {
    if (scan?.done === this.scan?.done && scan?.state === this.scan?.state) return;
    this.scan = scan;
    if (this.pages) await this.#fetch().catch(() => undefined); // what is there stays
  }

  /** Nothing in it is text: a scan. */
  get none(): boolean {
    return this.pages?.every((text) => text.trim() === "") ?? false;
  }

  /** Pages without a word, in a paper that has some. */
  get silent(): number {
    return this.none ? 0 : (this.pages?.filter((text) => text.trim() === "").length ?? 0);
  }

  async load(): Promise<void> {
    if (this.pages || this.#loading) return;
    this.#loading = true;
    this.problem = null;
    try {
      await this.#fetch();
    } catch (error) {
      if (this.#gone.signal.aborted) return;
      if (error instanceof ApiError && error.unsent) await this.#fromFile();
      else this.problem = error instanceof ApiError ? error.message : t("Chưa lấy được phần chữ của tài liệu.");
    } finally {
      this.#loading = false;
    }
  }

  async #fetch(): Promise<void> {
    const { pages, machine } = await wordsOf(this.#app, { ...this.#version, scan: this.scan }, this.#gone.signal);
    [this.pages, this.machine] = [pages, machine];
  }

  close(): void {
    this.#gone.abort();
  }

  /** Without network: what lies on this device can be read here too, page by page. */
  async #fromFile(): Promise<void> {
    const doc = this.#doc();
    try {
      if (!doc) throw new Error("not open");
      const pages: string[] = [];
      for (let page = 1; page <= doc.pages && !this.#gone.signal.aborted; page++) {
        pages.push(joinText(await doc.text(page)));
        this.done = page;
      }
      this.pages = pages;
    } catch {
      this.problem = t("Mất mạng: phần chữ của tài liệu chưa có trên máy.");
    }
  }
}
