/** Tests of the directory's words and of the order of its bodies. */
import type { BodyView, PersonView, PostingView } from "@phien/wire";
import { describe, expect, test } from "vitest";

import { branches, within } from "./bodies.ts";
import { postOf, shared } from "./people.svelte.ts";
import { postWords, spanWords } from "./posts.ts";
import { byField } from "./refusals.ts";

const body = (id: string, name: string, parent: string | null = null): BodyView =>
  ({ id, code: id, name, short_name: "", tier: "city", parent_id: parent, valid_from: "2025-07-01", valid_to: null });
const post = (title: string, from: string, to: string | null = null): PostingView =>
  ({ id: title, body_id: "y", body_name: "Sở Y tế", title, valid_from: from, valid_to: to });

describe("posts", () => {
  test("a title that names its body stands alone", () => {
    expect(postWords("Giám đốc Sở Tài chính", "Sở Tài chính")).toBe("Giám đốc Sở Tài chính");
    expect(postWords("Chủ tịch", "Ủy ban nhân dân xã Phú Lâm")).toBe("Chủ tịch · Ủy ban nhân dân xã Phú Lâm");
  });
  test("what is missing leaves no dot", () => {
    expect(postWords("Chủ tịch", "")).toBe("Chủ tịch");
    expect(postWords("", "Sở Y tế")).toBe("Sở Y tế");
  });
  test("days are said as they are written here", () => {
    expect(spanWords(post("Chủ tịch", "2026-12-01"))).toBe("từ 01/12/2026");
    expect(spanWords(post("Chủ tịch", "2026-12-01", "2030-12-31"))).toBe("từ 01/12/2026 đến 31/12/2030");
  });
  test("who holds no post yet is shown with the next one and its first day", () => {
    const person: PersonView = { id: "p", code: "P", full_name: "P", email: null, phone: null, postings: [], coming: [post("Giám đốc", "2026-12-01")] };
    expect(postOf(person)).toBe("Giám đốc · Sở Y tế, từ 01/12/2026");
    expect(postOf({ ...person, postings: [post("Phó Giám đốc", "2025-07-01")] })).toBe("Phó Giám đốc · Sở Y tế");
    expect(postOf({ ...person, coming: [] })).toBe("");
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

describe("within", () => {
  const tree = [body("s2", "Sở Y tế", "u"), body("u", "Ủy ban"), body("s1", "Sở Nội vụ", "u"), body("x", "Phòng", "s1")];
  test("a body and all below it, at any depth", () => {
    expect([...within(tree, "s1")].sort()).toEqual(["s1", "x"]);
    expect(within(tree, "u").size).toBe(4);
  });
  test("nothing for a body that is not there yet", () => {
    expect(within(tree, undefined).size).toBe(0);
  });
});

describe("refusals", () => {
  const fields = { "directory.bad_name": "name", "directory.days_reversed": "to" } as const;
  test("a sentence stands at its field, or over the form", () => {
    expect(byField({ error: "Chưa ghi: tên còn trống.", code: "directory.bad_name" }, fields)).toEqual({ name: "Chưa ghi: tên còn trống." });
    expect(byField({ error: "Mất mạng, chưa gửi được.", code: null }, fields)).toEqual({ form: "Mất mạng, chưa gửi được." });
    expect(byField({ error: null, code: null }, fields)).toEqual({});
  });
});

test("people of one name are known as such, marks included", () => {
  expect([...shared(["Lê Hòa", "Lê Hoà", "Trần An", "Lê Hòa"].map((full_name) => ({ full_name })))]).toEqual(["Lê Hòa"]);
});
