import type { Incoming } from "@phien/wire";
import { describe, expect, it } from "vitest";

import { incomingFacts, incomingName, mayRetry, progressOf, whyFailed } from "./incoming.ts";

const BASE: Incoming = {
  kind: "incoming", id: "1", meeting_id: "m", item_id: "i", paper_id: null, title: "Báo cáo", symbol: "", purpose: "paper",
  filename: "bao-cao.docx", format: "docx", files: 1, stage: "waiting", done: 0, pages: 0, size: 0, reason: null,
  secret_mark: "", at: "2026-11-22T00:00:00.000000Z", by: "p",
};

describe("a file that came in", () => {
  it("is called by its title, or by its name where a paper keeps its own", () => {
    expect(incomingName(BASE)).toBe("Báo cáo");
    expect(incomingName({ ...BASE, title: "" })).toBe("bao-cao.docx");
  });
  it("says what it is and what it will be", () => {
    expect(incomingFacts(BASE)).toBe("Tệp văn bản docx");
    expect(incomingFacts({ ...BASE, paper_id: "p", stage: "ready", pages: 4, size: 2048 })).toBe("Tệp văn bản docx · sẽ thay bản đang dùng · 4 trang · 2 KB · chưa phát hành");
    expect(incomingFacts({ ...BASE, files: 3, format: "jpeg" })).toBe("3 ảnh ghép thành một tài liệu");
  });
});

describe("how far it is", () => {
  it("counts the files that are converted one after another", () => {
    const all: Incoming[] = ["1", "2", "3", "4", "5"].map((id) => ({ ...BASE, id, stage: id === "1" ? "ready" as const : "waiting" as const }));
    const second = { ...BASE, id: "2", stage: "converting" as const };
    expect(progressOf(second, all.with(1, second)).text).toBe("2/5");
  });
  it("leaves out what failed and what is still on its way", () => {
    const all = [{ ...BASE, stage: "failed" as const }, { ...BASE, id: "2", stage: "arriving" as const }, { ...BASE, id: "3" }];
    expect(progressOf({ ...BASE, id: "3" }, all).text).toBe("1/1");
  });
  it("counts pictures of one paper", () => {
    expect(progressOf({ ...BASE, files: 5, done: 1, stage: "converting" }, []).text).toBe("2/5");
    expect(progressOf({ ...BASE, files: 5, done: 3, stage: "arriving" }, []).text).toBe("3/5");
  });
});

describe("what failed", () => {
  it("is worth another try only where the file is not at fault", () => {
    expect(mayRetry("documents.convert_timeout")).toBe(true);
    expect(mayRetry("documents.too_many_pages")).toBe(false);
    expect(mayRetry(null)).toBe(false);
  });
  it("says what to do", () => {
    expect(whyFailed("documents.no_pages")).toMatch(/vùng in/);
    expect(whyFailed("documents.something")).toMatch(/xuất ra PDF/);
  });
});
