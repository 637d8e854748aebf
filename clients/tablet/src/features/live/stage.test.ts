import type { Meeting, Presenting } from "@phien/wire";
import { describe, expect, it } from "vitest";

import { inPage, partOf, stageOf } from "./stage.ts";

const CHI = { id: "chi", name: "Hoàng Thị Lan Chi", title: "" };
const LIVE = { state: "live", current_item: "i1", presenter: CHI } as Meeting;
const SHOWN: Presenting = { kind: "presenting", id: "i1", person: CHI, version_id: "v1", page: 3, fraction: 0.2 };

describe("the stage", () => {
  it("is where the presenter of the current item is", () => {
    expect(stageOf(LIVE, "i1", SHOWN)).toEqual({ presenter: CHI, shown: { version: "v1", page: 3, fraction: 0.2 } });
    expect(stageOf(LIVE, "i2", undefined).presenter).toBeNull();
  });

  it("names the presenter of a closed item only by its own stream, before anything is shown", () => {
    const closed = { ...LIVE, presenter: null };
    expect(stageOf(closed, "i1", { ...SHOWN, version_id: "", page: 0 })).toEqual({ presenter: CHI, shown: null });
  });

  it("is empty once the sitting has ended", () => {
    expect(stageOf({ ...LIVE, state: "ended" }, "i1", SHOWN).presenter).toBeNull();
  });

  it("tells the presenter from who follows and who reads alone", () => {
    const stage = stageOf(LIVE, "i1", SHOWN);
    expect(partOf(stage, "chi", true)).toBe("mine");
    expect(partOf(stage, "me", true)).toBe("following");
    expect(partOf(stage, "me", false)).toBe("apart");
    expect(partOf(stageOf(LIVE, "i1", undefined), "me", true)).toBe("apart");
    expect(partOf(stageOf(undefined, "i1", undefined), "me", true)).toBe("nobody");
  });

  it("keeps fractions in the page", () => {
    expect([inPage(-0.2), inPage(0.4), inPage(1.3)]).toEqual([0, 0.4, 1]);
  });
});
