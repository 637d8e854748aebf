/** Tests of the directory's words and of the order of its bodies. */
import type { BodyView } from "@phien/wire";
import { describe, expect, test } from "vitest";

import { branches } from "./bodies.ts";
import { postWords } from "./posts.ts";

const body = (id: string, name: string, parent: string | null = null): BodyView =>
  ({ id, code: id, name, short_name: "", tier: "city", parent_id: parent, valid_from: "2025-07-01", valid_to: null });

describe("posts", () => {
  test("a title that names its body stands alone", () => {
    expect(postWords("Giám đốc Sở Tài chính", "Sở Tài chính")).toBe("Giám đốc Sở Tài chính");
    expect(postWords("Chủ tịch", "Ủy ban nhân dân xã Phú Lâm")).toBe("Chủ tịch · Ủy ban nhân dân xã Phú Lâm");
  });
  test("what is missing leaves no dot", () => {
    expect(postWords("Chủ tịch", "")).toBe("Chủ tịch");
    expect(postWords("", "Sở Y tế")).toBe("Sở Y tế");
  });
});

describe("branches", () => {
  test("parents before children, sisters by name", () => {
    const found = branches([body("s2", "Sở Y tế", "u"), body("u", "Ủy ban"), body("s1", "Sở Nội vụ", "u"), body("x", "Phòng", "s1")]);
    expect(found.map((each) => [each.body.id, each.depth])).toEqual([["u", 0], ["s1", 1], ["x", 2], ["s2", 1]]);
  });
  test("a body whose parent is not shown is not lost, nor is one that names itself", () => {
    expect(branches([body("a", "A", "gone"), body("b", "B", "b")]).map((each) => each.body.id)).toEqual(["a", "b"]);
  });
});
