import { describe, expect, test } from "vitest";

import { paperAt } from "./outward.ts";

const APP = "https://hop.tangiang.example/tablet/";
const PAPER = `${APP}meetings/m1/items/i2/papers/p3`;

describe("a link to a paper of the same meeting", () => {
  test("opens it here", () => {
    expect(paperAt(PAPER, APP, "m1")).toEqual({ item: "i2", paper: "p3" });
    expect(paperAt(`${PAPER}?page=4#x`, APP, "m1")).toEqual({ item: "i2", paper: "p3" });
  });
  test.each([
    ["another meeting", PAPER.replace("m1", "m9")],
    ["another host", PAPER.replace("hop.", "hop2.")],
    ["another protocol", PAPER.replace("https:", "http:")],
    ["another screen", `${APP}meetings/m1`],
    ["outside of the app", "https://hop.tangiang.example/api/v1/versions/v1"],
    ["no address", "p3"],
  ])("not %s", (_what, url) => { expect(paperAt(url, APP, "m1")).toBeNull(); });
});
