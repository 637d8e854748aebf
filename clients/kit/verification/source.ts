/** Where what is checked comes from: a version of ours, or a file that somebody has on this device. */
import type { PagePair, Report, Verification } from "@phien/wire";

import { locale } from "../i18n/messages.ts";
import { act, get, getFile, newId } from "../net/index.ts";
import { refusal, send } from "../net/http.ts";
import { httpSource, type PdfSource } from "../pdf/index.ts";

export interface Source {
  readonly title: string;
  check: () => Promise<Verification>;
  /** A page (from 1) as it was in the first `length` bytes, and as it is now. */
  pages: (length: number, page: number) => Promise<PagePair>;
  /** The first `length` bytes, to be read. */
  revision: (length: number) => PdfSource;
  /** The same as a file to keep. */
  saved: (length: number) => Promise<Blob>;
  /** What was found, as a PDF. */
  printed: () => Promise<Blob>;
}

export function ofVersion(id: string, title: string): Source {
  const path = `/versions/${id}`;
  return {
    title,
    check: () => get<Verification>(`${path}/verification`),
    pages: (length, page) => get<PagePair>(`${path}/verification/pages?length=${length}&page=${page}`),
    revision: (length) => httpSource(`/api/v1${path}/revisions/${length}`, length),
    saved: (length) => getFile(`${path}/revisions/${length}`),
    printed: () => getFile(`${path}/verification/report`),
  };
}

/** Nothing of the file is kept by the server: it is sent anew for each question. */
export function ofFile(file: File): Source {
  const body = new Blob([file], { type: "application/pdf" });
  return {
    title: file.name,
    check: async () => ({ report: await act<Report>("POST", "/verification", body), register: [], symbol: "" }),
    pages: (length, page) => act<PagePair>("POST", `/verification/pages?length=${length}&page=${page}`, body),
    revision: (length) => ({
      length,
      fetchRange: async (begin, end) => new Uint8Array(await file.slice(begin, end).arrayBuffer()),
    }),
    saved: (length) => Promise.resolve(body.slice(0, length, "application/pdf")),
    printed: () => printed(body, file.name),
  };
}

async function printed(body: Blob, name: string): Promise<Blob> {
  const response = await send(`/api/v1/verification/report?name=${encodeURIComponent(name)}`, {
    method: "POST", body, cache: "no-store", credentials: "same-origin",
    headers: { "Accept-Language": locale(), "Idempotency-Key": newId() },
  });
  if (!response.ok) throw await refusal(response);
  return response.blob();
}

/** Gives a file to be kept, under a name. */
export function keep(file: Blob, name: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(file);
  link.download = name;
  link.click();
  setTimeout(() => { URL.revokeObjectURL(link.href); }, 60_000);
}

