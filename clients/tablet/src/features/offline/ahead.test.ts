import type { Held } from "@phien/kit/vault";
import type { Meeting, MyMeeting } from "@phien/wire";
import { describe, expect, it } from "vitest";

import type { Mine } from "../meetings/calendar.ts";
import { come, fetched, isNear, standing } from "./ahead.ts";

const NOW = Date.parse("2026-11-27T01:00:00Z");
const NOTHING = { asked: new Set<string>(), paused: new Set<string>() };

function mine(id: string, hours: number, state: Meeting["state"] = "convened"): Mine {
  const starts_at = new Date(NOW + hours * 3_600_000).toISOString();
  return { my: { id, starts_at } as MyMeeting, meeting: { id, state, starts_at } as Meeting };
}

describe("papers before a meeting", () => {
  it("come by themselves two days before, the nearest meeting first; later ones wait for the tap", () => {
    const list = [mine("far", 200), mine("tomorrow", 20), mine("two days", 47), mine("live", -1, "live"), mine("three days", 72)];
    expect(fetched(list, NOTHING, NOW)).toEqual(["live", "tomorrow", "two days"]);
    expect(fetched(list, { ...NOTHING, asked: new Set(["far"]) }, NOW)).toEqual(["live", "tomorrow", "two days", "far"]);
    expect(fetched(list, { ...NOTHING, paused: new Set(["tomorrow"]) }, NOW)).toEqual(["live", "two days"]);
  });

  it("do not come for what is called off, put off or over", () => {
    const list = [mine("off", 5, "cancelled"), mine("put off", 5, "postponed"), mine("over", -1, "ended"), mine("draft", 5, "draft")];
    expect(list.filter((each) => isNear(each, NOW))).toEqual([]);
    expect(fetched(list, NOTHING, NOW)).toEqual([]);
  });

  it("are counted by paper and by byte, never more than there are", () => {
    const held = (version: string, size: number): Held => ({ version, size, stream: "i:1" });
    const papers = [held("a", 100), held("b", 70_000), held("c", 200_000)];
    const have: Record<string, number> = { a: 1, b: 2, c: 1 };
    const sum = come(papers, ({ version }) => ({ progress: { have: have[version] ?? 0, total: 4, ready: version !== "c" }, failed: version === "c" }));
    expect(sum).toEqual({ papers: 3, ready: 2, failed: 1, have: 100 + 70_000 + 65_536, size: 270_100 });
  });

  it("say what hinders them, and nothing while all goes on", () => {
    const at = { keeps: true, online: true, full: false, wanted: true, paused: false };
    const sum = { papers: 3, ready: 1, failed: 0, have: 0, size: 0 };
    expect(standing(sum, at)).toBe("fetching");
    expect(standing({ ...sum, failed: 1 }, at)).toBe("fetching");
    expect(standing({ ...sum, failed: 2 }, at)).toBe("failed");
    expect(standing(sum, { ...at, online: false })).toBe("offline");
    expect(standing(sum, { ...at, full: true })).toBe("full");
    expect(standing(sum, { ...at, wanted: false })).toBe("later");
    expect(standing(sum, { ...at, paused: true, online: false })).toBe("paused");
    expect(standing({ ...sum, ready: 3 }, { ...at, online: false, paused: true })).toBe("ready");
    expect(standing(sum, { ...at, keeps: false })).toBe("kept");
    expect(standing({ ...sum, papers: 0, ready: 0 }, at)).toBe("none");
  });
});
