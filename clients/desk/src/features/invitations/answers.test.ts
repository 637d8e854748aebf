/** Tests of the answers: every participant counted once, needs first, words for how far a letter has come. */
import type { Participant } from "@phien/wire";
import { describe, expect, test } from "vitest";

import { answerOf, byNeed, filtered, proposes, tally } from "./answers.ts";

function one(id: string, given: Partial<Participant> = {}): Participant {
  return {
    kind: "participant", id, person: { id: `p${id}`, name: `Người ${id}`, title: "" }, body_name: "", role: "member", scope: "speak", voting_right: false,
    on_behalf_of: null, substitute_for: null, site_id: null, position: Number(id), sent_at: "2026-11-23T02:15:00Z", mail: "sent", delivered_at: null,
    opened_at: null, answer: "none", answered_at: null, reason: "", substitute: null, ...given,
  };
}

describe("answers", () => {
  const people = [
    one("1", { answer: "accepted" }), one("2", { answer: "declined" }), one("3"), one("4", { sent_at: null, mail: "none" }),
    one("5", { answer: "substitute", substitute: { id: "x", name: "Phan Đức Kiên", title: "" } }),
  ];

  test("each is counted once", () => {
    const count = tally(people);
    expect(count).toEqual({ accepted: 1, declined: 1, open: 1, unsent: 1, substitute: 1 });
  });
  test("who has not been invited is not waited for", () => {
    expect(filtered(people, "open").map((each) => each.id)).toEqual(["3"]);
    expect(filtered(people, "absent").map((each) => each.id)).toEqual(["2", "5"]);
    expect(filtered(people, "all")).toHaveLength(5);
  });
  test("a substitute who was accepted waits for no decision", () => {
    const [absent] = people.filter((each) => each.id === "5");
    expect(proposes(absent!, people)).toBe(true);
    const taken = [...people, one("6", { substitute_for: "5" })];
    expect(proposes(absent!, taken)).toBe(false);
    expect(byNeed(taken)[0]!.id).toBe("3");
  });
  test("the meeting's secretary prepares it and is asked nothing, but an answer counts", () => {
    const secretary = one("6", { role: "secretary" });
    expect(tally([...people, secretary])).toEqual(tally(people));
    expect(filtered([secretary], "open")).toEqual([]);
    expect(answerOf(secretary)).toMatchObject({ tone: "neutral", text: "Thư ký cuộc họp" });
    expect(tally([{ ...secretary, answer: "declined" }]).declined).toBe(1);
  });
  test("proposals first, then who has not answered, then the order of the list", () => {
    expect(byNeed(people).map((each) => each.id)).toEqual(["5", "3", "1", "2", "4"]);
  });
  test("words say how far the letter has come", () => {
    expect(answerOf(one("1")).under).toBe("chưa nhận, đã gửi thư");
    expect(answerOf(one("1", { mail: "failed" })).under).toBe("chưa nhận, thư không đến");
    expect(answerOf(one("1", { delivered_at: "2026-11-23T03:00:00Z" })).under).toBe("đã nhận, chưa mở");
    expect(answerOf(one("1", { opened_at: "2026-11-24T14:10:00Z" })).under).toBe("đã mở 24/11 · 21:10");
    expect(answerOf(one("1", { sent_at: null })).text).toBe("Chưa gửi");
  });
});
