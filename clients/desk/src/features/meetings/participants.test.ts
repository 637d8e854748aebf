/** Tests of the list of participants while it is edited. */
import { describe, expect, test } from "vitest";

import { moved } from "./agenda.ts";
import { difference, inputs, newSeat, type Seat, summary, withRole, withScope } from "./participants.ts";

const seat = (id: string, given: Partial<Seat> = {}): Seat => ({ ...newSeat({ id, name: `Người ${id}`, title: "" }, ""), ...given });

describe("seats", () => {
  test("a new chair takes the role from the old one", () => {
    const after = withRole([seat("a", { role: "chair" }), seat("b"), seat("c", { role: "secretary" })], "b", "chair");
    expect(after.map((each) => each.role)).toEqual(["member", "chair", "secretary"]);
  });
  test("members may be many", () => {
    expect(withRole([seat("a"), seat("b", { role: "invitee" })], "b", "member").map((each) => each.role)).toEqual(["member", "member"]);
  });
  test("the right to vote goes with the scope", () => {
    expect(withScope(seat("a"), "vote").voting_right).toBe(true);
    expect(withScope(seat("a", { voting_right: true, scope: "vote" }), "speak").voting_right).toBe(false);
  });
  test("only what the server takes is sent", () => {
    expect(Object.keys(inputs([seat("a")])[0]!).sort()).toEqual(["on_behalf_of", "person_id", "role", "scope", "site_id", "voting_right"]);
  });
});

describe("difference", () => {
  test("added, removed and changed are told apart", () => {
    const before = [seat("a"), seat("b", { invited: true }), seat("c")];
    const after = [seat("a", { scope: "attend" }), seat("c"), seat("d")];
    const found = difference(before, after);
    expect(found.added.map((each) => each.person_id)).toEqual(["d"]);
    expect(found.removed.map((each) => each.person_id)).toEqual(["b"]);
    expect(found.changed).toBe(1);
    expect(summary(found)).toBe("thêm 1, bỏ 1, đổi 1");
  });
  test("nothing changed says nothing", () => {
    expect(summary(difference([seat("a")], [seat("a")]))).toBe("");
  });
});

describe("moved", () => {
  test("down and up", () => {
    expect(moved(["a", "b", "c"], 0, 2)).toEqual(["b", "c", "a"]);
    expect(moved(["a", "b", "c"], 2, 0)).toEqual(["c", "a", "b"]);
  });
  test("from nowhere is no move", () => { expect(moved(["a"], 4, 0)).toEqual(["a"]); });
});
