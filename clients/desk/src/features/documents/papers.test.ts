import { describe, expect, it } from "vitest";

import { marksTold } from "./papers.ts";

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
