/** One of two versions that are compared. */
import type { PageBox, PdfDoc } from "../pdf/index.ts";

export interface Side {
  /** Of the version. */
  readonly no: number;
  readonly boxes: readonly PageBox[];
  /** Null while it is being opened. */
  readonly doc: PdfDoc | null;
  /** Name and time to be drawn over its pages, where its file may not carry them. */
  readonly named: string | null;
}
