import type { StoredKey } from "@phien/wire";
import { describe, expect, it } from "vitest";

import { base64Of, isMadeOutTo, offered, widthOf } from "./setup.ts";

const key = (name: string, holder: string, usable = true): StoredKey =>
  ({ name, holder, issuer: "CA", serial: "1", valid_from: "2026-01-01T00:00:00Z", valid_until: "2029-01-01T00:00:00Z", usable });

describe("setting up what is signed with", () => {
  it("takes a width that a seal can have, with a comma too", () => {
    expect([widthOf("36"), widthOf(" 36,5 "), widthOf("20")]).toEqual([36, 36.5, 20]);
    expect([widthOf("360"), widthOf("19"), widthOf("3.6 cm"), widthOf("")]).toEqual([null, null, null, null]);
  });

  it("offers first what is made out to the holder, and nothing that signs nothing", () => {
    const keys = [key("a", "Ai Khác"), key("ca", "Root", false), key("b", "ỦY BAN NHÂN DÂN  THÀNH PHỐ")];
    expect(offered(keys, "Ủy ban nhân dân thành phố", false).map((each) => each.name)).toEqual(["b", "a"]);
    expect(offered(keys, "Ủy ban nhân dân thành phố", true).map((each) => each.name)).toContain("ca");
    expect(isMadeOutTo(key("x", "Uy ban nhân dân thành phố"), "Ủy ban nhân dân thành phố")).toBe(false);
  });

  it("sends a picture as text, however large", async () => {
    const bytes = Uint8Array.from({ length: 100_000 }, (_, index) => index % 251);
    const back = Uint8Array.from(atob(await base64Of(new Blob([bytes]))), (sign) => sign.charCodeAt(0));
    expect(back).toEqual(bytes);
  });
});
