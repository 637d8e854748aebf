import type { Dossier, SigningRequest, TabletKey } from "@phien/wire";
import { describe, expect, it } from "vitest";

import { keyHere, mayUse, spokenCode, stateOf, wordsOf } from "./keys.ts";

const NOW = new Date("2026-11-22T08:00:00Z");

function key(given: Partial<TabletKey>): TabletKey {
  return {
    kind: "tablet_key", id: "k1", person_id: "p", person_name: "A", device_id: "d", device_name: "", body_id: "b", body_name: "UBND", fingerprint: "aa",
    state: "valid", asked_at: "2026-11-01T00:00:00Z", decided_at: null, remarks: "", valid_from: null, valid_until: "2027-11-01T00:00:00Z", ...given,
  };
}
const stored = (...fingerprints: string[]): Parameters<typeof keyHere>[1] =>
  fingerprints.map((fingerprint) => ({ fingerprint, person: "p", pair: {} as CryptoKeyPair }));

describe("the key of this tablet", () => {
  it("is one whose private half lies here: one that signs before a newer one that waits", () => {
    const [old, fresh, other] = [key({ id: "old" }), key({ id: "new", fingerprint: "bb", state: "waiting", asked_at: "2026-11-20T00:00:00Z" }), key({ id: "other", fingerprint: "cc" })];
    expect(keyHere([other], stored("aa"))).toBeNull();
    expect(keyHere([fresh, old, other], stored("aa", "bb"))?.id).toBe("old");
    expect(keyHere([fresh, { ...old, state: "revoked" }], stored("aa", "bb"))?.id).toBe("new");
    expect(keyHere([{ ...old, state: "replaced" }], stored("aa"))).toBeNull();
  });

  it("is out of date when its certificate is, whatever the list says", () => {
    expect(stateOf(null, NOW)).toBe("none");
    expect(stateOf(key({}), NOW)).toBe("valid");
    expect(stateOf(key({ valid_until: "2026-11-22T08:00:00Z" }), NOW)).toBe("expired");
    expect(stateOf(key({ state: "refused" }), NOW)).toBe("refused");
    expect(wordsOf("refused", key({ remarks: "Máy lạ" }))).toContain("Máy lạ");
    expect(spokenCode("0a1b2c3d4e5f6071")).toBe("0A1B · 2C3D · 4E5F");
  });

  it("signs initials and minutes, and all in the demo alone", () => {
    const request = (act: SigningRequest["act"]): SigningRequest => ({ act }) as SigningRequest;
    const dossier = (paper_kind: Dossier["paper_kind"]): Dossier => ({ paper_kind }) as Dossier;
    expect(mayUse(request("initial"), undefined, false)).toBe(true);
    expect(mayUse(request("sign"), dossier("minutes"), false)).toBe(true);
    expect(mayUse(request("sign"), dossier("decision"), false)).toBe(false);
    expect(mayUse(request("sign"), dossier("decision"), true)).toBe(true);
    expect(mayUse(request("approve"), dossier("minutes"), true)).toBe(false);
  });
});
