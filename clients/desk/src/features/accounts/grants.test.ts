/** Tests of the words of access. */
import { fold } from "@phien/kit/i18n";
import { describe, expect, test } from "vitest";

import { grantWords, tidy, userOf } from "./grants.ts";

describe("grants", () => {
  const bodies = new Map([["b1", "Sở Tài chính"]]);
  test("where a role holds is said", () => {
    expect(grantWords({ role: "secretary", body_id: "b1" }, bodies)).toBe("Thư ký, Sở Tài chính");
    expect(grantWords({ role: "official", body_id: null }, bodies)).toBe("Người ký, mọi cơ quan");
    expect(grantWords({ role: "administrator", body_id: null }, bodies)).toBe("Quản trị");
  });
  test("doubles go, an administrator is one everywhere", () => {
    expect(tidy([{ role: "clerk", body_id: "b1" }, { role: "clerk", body_id: "b1" }, { role: "administrator", body_id: "b1" }])).toEqual([
      { role: "clerk", body_id: "b1" }, { role: "administrator", body_id: null },
    ]);
  });
  test("a user name as offices write them", () => {
    expect(userOf(fold("Ngô Phương Dung"))).toBe("dungnp");
    expect(userOf(fold("Đỗ Khắc Tuyên"))).toBe("tuyendk");
  });
});
