/** What is fetched beside a paper's file; and the pictures of pages, given to the page without network. */
import { ApiError, get, getPicture } from "@phien/kit/net";
import type { BesideSource, Papers } from "@phien/kit/vault";
import type { PageTexts, PageWords, RecognisedPage, Version } from "@phien/wire";

/** The words of every page of a version, and the numbers of pages whose words a machine has read. */
export interface Words {
  readonly pages: readonly string[];
  readonly machine: ReadonlySet<number>;
}

/** From the server. Throws ApiError. */
export async function fetchWords(version: string, signal?: AbortSignal): Promise<Words> {
  const pages: string[] = [];
  const machine = new Set<number>();
  for (let after: number | null = 0; after !== null;) {
    const part: PageTexts = await get<PageTexts>(`/versions/${version}/text?after=${after}`, signal ? { signal } : {});
    pages.push(...part.pages);
    for (const page of part.machine) machine.add(page);
    after = part.next;
  }
  return { pages, machine };
}

/** What a machine has read on the pages of a version after `after`, in one answer; `next` as the server says it. */
export async function fetchRead(version: string, after: number): Promise<PageWords> {
  return get<PageWords>(`/versions/${version}/words?after=${after}`);
}

async function fetchAllRead(version: string): Promise<RecognisedPage[]> {
  const pages: RecognisedPage[] = [];
  for (let after: number | null = 0; after !== null;) {
    const part: PageWords = await fetchRead(version, after);
    pages.push(...part.pages);
    after = part.next;
  }
  return pages;
}

export const beside: BesideSource = {
  words: async (version) => (await fetchWords(version)).pages,
  read: fetchAllRead,
  record: (version) => get<Version>(`/versions/${version}`),
  picture: async (version, page) => {
    try {
      return new Uint8Array(await getPicture(`/versions/${version}/pages/${page}/thumbnail`));
    } catch (error) {
      if (error instanceof ApiError && !error.unsent) return null; // a page that cannot be drawn
      throw error;
    }
  },
};

/** What the service worker asks when a picture did not come from the server. */
interface Wanted {
  readonly ask: "picture";
  readonly version: string;
  readonly page: number;
}

/** Answers the service worker out of the vault: only the page has the key. Returns how to stop. */
export function servePictures(papers: Papers): () => void {
  if (!("serviceWorker" in navigator)) return () => undefined;
  const asked = ({ data, ports: [port] }: MessageEvent): void => {
    const wanted = data as Partial<Wanted> | null;
    if (wanted?.ask !== "picture" || !port || !wanted.version || !wanted.page) return;
    void papers.picture(wanted.version, wanted.page).then((bytes) => { port.postMessage(bytes); }, () => { port.postMessage(null); });
  };
  navigator.serviceWorker.addEventListener("message", asked);
  return () => { navigator.serviceWorker.removeEventListener("message", asked); };
}
