import type { Dossier, Paper, Version } from "@phien/wire";
import { describe, expect, it } from "vitest";

import { marksTold, paperFacts, paperMenu, scanFact } from "./papers.ts";

describe("what hangs on a paper", () => {
  it("is the number of shared notes, and of private ones only that there are some", () => {
    expect(marksTold({ shared: 3, private: false })).toBe("Trên bản đang dùng: 3 ghi chú chung.");
    expect(marksTold({ shared: 3, private: true })).toBe("Trên bản đang dùng: 3 ghi chú chung, có ghi chú riêng.");
    expect(marksTold({ shared: 0, private: true })).toBe("Trên bản đang dùng: có ghi chú riêng.");
  });
  it("says nothing of private notes where the server does not", () => {
    expect(marksTold({ shared: 0, private: false })).toBe("Bản đang dùng chưa có ghi chú chung.");
  });
});

describe("scanned pages", () => {
  it("are told while they are read, when they are, and where they cannot be", () => {
    const scan = { pages: 40, done: 12, state: "running" } as const;
    expect(scanFact({ has_text: false, scan })).toBe("đang nhận dạng chữ 12/40 trang quét");
    expect(scanFact({ has_text: false, scan: { ...scan, done: 40, state: "done" } })).toBe("đã nhận dạng chữ 40 trang quét");
    expect(scanFact({ has_text: true, scan: { ...scan, state: "off" } })).toBe("40 trang quét, máy chủ chưa cài phần nhận dạng chữ");
    expect(scanFact({ has_text: false, scan: null })).toBe("ảnh quét, không tìm được chữ");
    expect(scanFact({ has_text: true, scan: null })).toBe("");
  });
});

describe("a paper that is handed out printed", () => {
  const paper = { id: "p1", title: "Phụ lục", state: "printed", version: null, versions: 0 } as Paper;
  it("says why it cannot be opened", () => {
    expect(paperFacts(paper)).toBe("Phát bản giấy tại phòng họp; không có trên hệ thống, không mở được");
  });
  it("can be renamed and taken off the agenda, and nothing else", () => {
    const labels = (edit: boolean): string[] => paperMenu(paper, null, null, { edit, sign: true }, () => undefined).map((each) => each.label);
    expect(labels(true)).toEqual(["Sửa dòng ghi", "Bỏ dòng phát bản giấy"]);
    expect(labels(false)).toEqual([]);
  });
});

describe("a paper on its way to being issued", () => {
  const paper = { id: "p1", title: "Giấy mời", state: "published", version: { signed: false } as Version, versions: 1, downloadable: true } as Paper;
  const labels = (dossier: Dossier | null, sign = true): string[] => paperMenu(paper, null, dossier, { edit: false, sign }, () => undefined).map((each) => each.label);
  it("is put before officials once at a time, and its way is open to all who see it", () => {
    expect(labels(null)).toContain("Trình ký");
    expect(labels({ closed_at: null } as Dossier)).toContain("Hồ sơ trình ký");
    expect(labels({ closed_at: null } as Dossier)).not.toContain("Trình ký");
    expect(labels({ closed_at: "2026-11-26T09:00:00Z", state: "rejected" } as Dossier)).toContain("Trình ký");
    expect(labels(null, false)).not.toContain("Trình ký");
  });
});
