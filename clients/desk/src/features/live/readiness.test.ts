import type { Participant, Ready, ReadyCheck } from "@phien/wire";
import { describe, expect, it } from "vitest";

import { lack, tested } from "./readiness.ts";

const person = (id: string, change: Partial<Participant> = {}): Participant =>
  ({ id, person: { id, name: id, title: "" }, sent_at: "2026-11-20", answer: "accepted", ...change }) as Participant;
const check = (what: ReadyCheck["what"], ok: boolean): ReadyCheck => ({ what, ok, have: 3, need: 5 });
const device = (id: string, of: string, ready: boolean, at = "2026-11-26"): Ready =>
  ({ kind: "ready", id, person_id: of, device: id, at, ready, checks: [check("papers", ready), check("pen", false)] });

describe("who is ready", () => {
  it("puts who lacks something first, then who was not heard; one ready device is enough", () => {
    const people = [person("an"), person("binh"), person("chi"), person("dung", { answer: "declined" }), person("em", { sent_at: null })];
    const list = tested(people, [device("1", "an", false), device("2", "an", true), device("3", "chi", false)]);
    expect(list.map((each) => [each.participant.id, each.state])).toEqual([["chi", "lacking"], ["binh", "silent"], ["an", "ready"]]);
    expect(list[0]?.lacks).toEqual(["thiếu 2 tài liệu"]);
    expect(list[2]?.lacks).toEqual([]);
  });

  it("has words for each thing that makes a tablet unready", () => {
    for (const what of ["papers", "space", "version", "clock", "sign_in", "lease", "lock"] as const) expect(lack(check(what, false))).not.toBe("");
  });
});
