import type { Meeting, MyMeeting } from "@phien/wire";
import { describe, expect, it } from "vitest";

import { calendar, type Mine, minutesUntil, worthFollowing } from "./calendar.ts";

const NOW = Date.parse("2026-11-27T01:00:00Z");

function mine(id: string, starts: string, state: Meeting["state"] | null, extra: Partial<MyMeeting> = {}): Mine {
  const my: MyMeeting = {
    kind: "my_meeting", id, participant_id: `p-${id}`, role: "member", scope: "vote", starts_at: starts, invited_at: "2026-11-20T00:00:00Z",
    answer: "accepted", answered_at: null, delivered_at: null, opened_at: null, ...extra,
  };
  return { my, meeting: state ? ({ id, state, starts_at: starts } as Meeting) : undefined };
}

describe("the calendar of one person", () => {
  it("puts the live one first though another starts sooner", () => {
    const list = [mine("soon", "2026-11-27T01:10:00Z", "convened"), mine("live", "2026-11-27T00:30:00Z", "live")];
    const { next, later } = calendar(list, NOW);
    expect(next?.my.id).toBe("live");
    expect(later.map((one) => one.my.id)).toEqual(["soon"]);
  });

  it("does not offer as next what is called off, ended or put off", () => {
    const list = [
      mine("off", "2026-11-27T02:00:00Z", "cancelled"), mine("over", "2026-11-27T00:00:00Z", "ended"),
      mine("put-off", "2026-11-26T02:00:00Z", "postponed"), mine("next", "2026-11-30T00:30:00Z", "convened"),
    ];
    const { next, later } = calendar(list, NOW);
    expect(next?.my.id).toBe("next");
    expect(later.map((one) => one.my.id)).toEqual(["put-off", "off"]);
  });

  it("forgets a sitting that nobody started within half a day", () => {
    expect(calendar([mine("old", "2026-11-26T01:00:00Z", "convened")], NOW).next).toBeNull();
  });

  it("asks for answers only where an invitation has come and none was given", () => {
    const list = [
      mine("open", "2026-12-02T07:00:00Z", "convened", { answer: "none" }),
      mine("not-sent", "2026-12-03T07:00:00Z", "convened", { answer: "none", invited_at: null }),
      mine("secretary", "2026-12-03T07:00:00Z", "convened", { answer: "none", role: "secretary" }),
      mine("off", "2026-12-04T07:00:00Z", "cancelled", { answer: "none" }),
    ];
    expect(calendar(list, NOW).unanswered.map((one) => one.my.id)).toEqual(["open"]);
  });

  it("follows the nearest meetings when there are too many", () => {
    const list = ["2020-01-01T00:00:00Z", "2026-11-28T00:00:00Z", "2026-11-25T00:00:00Z"].map((at, index) => mine(String(index), at, null).my);
    expect(worthFollowing(list, NOW, 2)).toEqual(["1", "2"]);
  });

  it("counts the minutes of the last two hours", () => {
    expect(minutesUntil("2026-11-27T01:18:00Z", NOW)).toBe(18);
    expect(minutesUntil("2026-11-27T00:59:00Z", NOW)).toBeNull();
    expect(minutesUntil("2026-11-27T05:00:00Z", NOW)).toBeNull();
  });
});
