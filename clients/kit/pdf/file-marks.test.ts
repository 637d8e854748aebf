/** Marks that came with a file are told to who listens, early or late. */
import { describe, expect, it, vi } from "vitest";

import { FileMarks } from "./file-marks.ts";

type Doc = ConstructorParameters<typeof FileMarks>[0];
type Page = Parameters<FileMarks["prepare"]>[0];

function page(pageNumber: number, ...subtypes: string[]): Page {
  const annotations = subtypes.map((subtype, at) => ({ id: `${pageNumber}R${at}`, subtype }));
  return { pageNumber, getAnnotations: () => Promise.resolve(annotations) } as unknown as Page;
}

describe("marks of a file", () => {
  const doc = { annotationStorage: { setValue: vi.fn() } };
  it("are told once, and to who comes after a page was asked for ahead", async () => {
    const marks = new FileMarks(doc as unknown as Doc);
    const [early, late] = [vi.fn(), vi.fn()];
    await marks.prepare(page(1, "Link"), false);
    marks.onfound = early;
    expect(early).not.toHaveBeenCalled();
    await marks.prepare(page(2, "Link", "Highlight"), false);
    await marks.prepare(page(3, "Ink"), false);
    expect(early).toHaveBeenCalledTimes(1);
    marks.onfound = late;
    expect(late).toHaveBeenCalledTimes(1);
  });
});
