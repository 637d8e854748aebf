/** A version's file while it is on screen: its page table and the engine's document; closed with the component. */
import { fmtDate, fmtTime, t } from "@phien/kit/i18n";
import { get } from "@phien/kit/net";
import { type PageBox, PaperError, type PdfDoc, type ReadPages, withRead } from "@phien/kit/pdf";
import type { Scan, Version } from "@phien/wire";
import { onDestroy } from "svelte";

import type { Live } from "../../runtime/live.svelte.ts";
import { taken } from "./opening.ts";
import { readPages } from "../reader/scan.ts";

export class OpenPaper {
  boxes = $state.raw<readonly PageBox[]>([]);
  /** The paper as it is drawn. */
  readonly doc = $derived.by(() => (this.fileMarks === "hidden" ? this.#whole?.bare : this.#whole) ?? null);
  #doc = $state.raw<PdfDoc | null>(null);
  /** What a machine has read on scanned pages. */
  #read = $state.raw<ReadPages | null>(null);
  readonly #whole = $derived.by(() => (this.#doc && this.#read ? withRead(this.#doc, this.#read) : this.#doc));
  /** Marks that came with the file: none seen so far, or whether they are shown. */
  fileMarks = $state<"none" | "shown" | "hidden">("none");
  problem = $state<string | null>(null);
  /** The problem lies in the file: reading again would not help. */
  lasting = $state(false);
  /** Name and time to be drawn over the pages, where the file may not carry them. */
  readonly named: string | null;
  readonly #app: Live;
  readonly #version: Version;
  readonly #stream: string;
  #closed = false;
  #readAll = false;

  /** To be made while a component is set up; `stream` is the one whose audience may read the file. */
  constructor(app: Live, version: Version, stream: string) {
    this.#app = app;
    this.#version = version;
    this.#stream = stream;
    this.named = version.mark === "screen" ? `${app.runtime.me.name} · ${fmtTime(Date.now())}, ${fmtDate(Date.now())}` : null;
    this.scanned(version.scan ?? null);
    onDestroy(() => {
      this.#closed = true;
      void this.#doc?.close();
    });
    void this.again();
  }

  /** Pages have been read since: they are laid anew when all are, not at each. */
  scanned(scan: Scan | null): void {
    if (!scan || scan.done === 0 || (this.#read && scan.state !== "done")) return;
    if (this.#readAll) return;
    this.#readAll = scan.state === "done";
    this.#read = readPages(this.#app, this.#version.id);
  }

  async again(): Promise<void> {
    this.problem = null;
    this.lasting = false;
    const { id, boxes } = this.#version;
    try {
      // Page tables of very long papers are not in the stream.
      this.boxes = boxes.length > 0 ? boxes : (await this.#record(id)).boxes;
      const doc = await taken(this.#app, this.#version, this.#stream);
      if (this.#closed) {
        await doc.close();
        return;
      }
      void this.#doc?.close();
      doc.onmarks = () => { if (this.fileMarks === "none") this.fileMarks = "shown"; };
      this.#doc = doc;
      doc.failed.catch(() => { this.#fail(); });
    } catch (error) {
      this.#fail(error);
    }
  }

  /** From the server, else as it was when the paper was fetched. */
  async #record(id: string): Promise<Version> {
    try {
      return await get<Version>(`/versions/${id}`);
    } catch (error) {
      const kept = (await this.#app.runtime.papers.record(id)) as Version | null;
      if (!kept) throw error;
      return kept;
    }
  }

  #fail(error?: unknown): void {
    if (this.#closed) return;
    if (!this.#app.runtime.papers.allowed({ version: this.#version.id, stream: this.#stream })) {
      this.problem = t("Đã hết thời gian đọc khi mất mạng của cuộc họp này. Nối mạng một lần là mở lại được; ghi chú còn nguyên.");
      return;
    }
    if (error instanceof PaperError) {
      this.lasting = true;
      this.problem = error.kind === "password"
        ? t("Tài liệu này có mật khẩu nên không mở được. Thư ký cần tải lên bản không có mật khẩu.")
        : t("Tệp của tài liệu này bị hỏng nên không mở được. Thư ký cần tải lên lại.");
      return;
    }
    this.problem = this.#app.online ? t("Không đọc được tài liệu. Ghi chú không mất.") : t("Mất mạng: phần này chưa có trên máy.");
  }
}
