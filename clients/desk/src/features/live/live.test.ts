/** Tests of the words of a running sitting: what happened, and how the time stands. */
import type { AnyEvent, Item, Meeting, Operation, Paper, Participant, Version } from "@phien/wire";
import { describe, expect, test } from "vitest";

import { Happenings } from "./happenings.ts";
import { clock, pace } from "./timing.ts";

const meeting = (given: Partial<Meeting> = {}): Meeting => ({
  kind: "meeting", id: "m1", title: "Phiên họp", body_id: "b", body_name: "", state: "convened", starts_at: "2026-11-27T01:00:00Z", ends_at: null, place: "",
  chair: null, secretary: null, sites: [], current_item: null, item_since: null, presenter: null, started_at: null, ended_at: null, note: "", offline_hours: 24, watermark: false, participants: 3, ...given,
});
const item: Item = { kind: "item", id: "i2", meeting_id: "m1", position: 2, general: false, restricted: false, title: "Đầu tư công", minutes: 20, presenter_name: "", state: "pending" };
const version = (id: string, no: number): Version => ({ id, no, sha256: "", size: 1, pages: 1, sizes: [], boxes: [], issued_at: "", has_text: true, signed: false, scan: null, mark: "none", edition: "", secret_mark: "" });
const paper = (given: Partial<Paper> = {}): Paper => ({
  kind: "paper", id: "p1", meeting_id: "m1", item_id: "i2", position: 0, title: "Tờ trình", symbol: "", purpose: "paper", state: "published", version: version("v1", 1),
  versions: 1, downloadable: true, ...given,
});
const person = { kind: "participant", id: "x", person: { id: "p", name: "Bùi Trọng Nghĩa", title: "" }, answer: "none", opened_at: null } as Participant;

let seq = 0;
const operation = (...put: (Meeting | Item | Paper | Participant)[]): Operation =>
  ({ seq: ++seq, op_id: null, actor: null, at: `2026-11-27T01:00:${String(seq).padStart(2, "0")}Z`, event: { name: "meetings.changed", put, gone: [], what: "" } as unknown as AnyEvent });

describe("happenings", () => {
  test("the sitting starts and moves to an item, told by its title", () => {
    const log = new Happenings();
    log.know([meeting(), item]);
    log.take("m:m1", operation(meeting({ state: "live" })));
    log.take("m:m1", operation(meeting({ state: "live", current_item: "i2" })));
    expect(log.lines.map((line) => line.text)).toEqual(["Sang nội dung 2: Đầu tư công", "Bắt đầu phiên"]);
  });
  test("what stands already is not news", () => {
    const log = new Happenings();
    log.know([meeting({ state: "live" }), paper()]);
    expect(log.take("m:m1", operation(meeting({ state: "live" }), paper()))).toBe(false);
    expect(log.lines).toEqual([]);
  });
  test("papers: sent, replaced, recalled", () => {
    const log = new Happenings();
    log.take("i:i2", operation(paper()));
    log.take("i:i2", operation(paper({ version: version("v2", 2) })));
    log.take("i:i2", operation(paper({ state: "recalled", version: null })));
    expect(log.lines.map((line) => line.text)).toEqual(["Thu hồi “Tờ trình”", "“Tờ trình” có bản 2", "Gửi “Tờ trình”"]);
  });
  test("an answer is told once", () => {
    const log = new Happenings();
    log.know([person]);
    const answered = operation({ ...person, answer: "accepted" });
    log.take("d:m1", answered);
    log.take("d:m1", answered);
    expect(log.lines.map((line) => line.text)).toEqual(["Bùi Trọng Nghĩa nhận lời"]);
  });
  test("the state tells when the sitting and its item began, once", () => {
    const log = new Happenings();
    const running = meeting({ state: "live", started_at: "2026-11-27T01:00:00Z", current_item: "i2", item_since: "2026-11-27T01:27:00Z" });
    log.recall(running, [item]);
    log.recall(running, [item]);
    expect(log.lines.map((line) => line.text)).toEqual(["Sang nội dung 2: Đầu tư công", "Bắt đầu phiên"]);
  });
  test("the oldest lines go", () => {
    const log = new Happenings(2);
    for (const id of ["a", "b", "c"]) log.take("i:i2", operation(paper({ id, title: id })));
    expect(log.lines.map((line) => line.text)).toEqual(["Gửi “c”", "Gửi “b”"]);
  });
});

describe("time", () => {
  test("clock", () => {
    expect(clock(822_000)).toBe("13:42");
    expect(clock(3_800_000)).toBe("1:03:20");
    expect(clock(-1)).toBe("0:00");
  });
  test("an item on its way and one over time", () => {
    const since = "2026-11-27T01:00:00Z";
    expect(pace(since, 20, Date.parse(since) + 822_000)).toMatchObject({ spent: "13:42", rest: "còn 6:18", over: false });
    expect(pace(since, 10, Date.parse(since) + 725_000)).toMatchObject({ spent: "12:05", rest: "quá 2:05", over: true, share: 1 });
    expect(pace(null, 0, 0)).toMatchObject({ spent: "0:00", share: 1 });
  });
});
