import type { PageBox } from "@phien/kit/pdf";
import { describe, expect, it } from "vitest";

import { byKey, fieldOf, firstPlace, missing, moved, type Placed, sized, stillWanted, wantedKinds } from "./placing.ts";

const A4: PageBox = [0, 0, 595, 842, 0];
const PAPER = { width: 595, height: 842 };
const MM = 72 / 25.4;
const signature = (): Placed => firstPlace("signature", 2, A4, []);

describe("placing boxes", () => {
  it("names fields as printed papers do and counts initials", () => {
    const first = firstPlace("initial", 1, A4, []);
    const second = firstPlace("initial", 1, A4, [first]);
    expect([signature().name, first.name, second.name]).toEqual(["ChuKy", "KyNhay1", "KyNhay2"]);
    expect(firstPlace("initial", 1, A4, [second]).name).toBe("KyNhay1");
    expect(second.left).toBeGreaterThan(first.left + first.width);
  });

  it("lays the seal over a third of the signature, on its left, at its real size", () => {
    const one = signature();
    const seal = firstPlace("seal", 2, A4, [one]);
    expect(seal.width).toBeCloseTo(36 * MM);
    expect(seal.left + seal.width - one.left).toBeCloseTo(one.width / 3);
    expect(seal.left).toBeLessThan(one.left);
    expect(sized(seal, 20, 20, PAPER)).toBe(seal);
  });

  it("never leaves the page", () => {
    const off = moved(signature(), 9999, 9999, PAPER);
    expect(off.left + off.width).toBeCloseTo(595);
    expect(off.top + off.height).toBeCloseTo(842);
    const wide = sized(signature(), 9999, -9999, PAPER);
    expect(wide.left + wide.width).toBeCloseTo(595);
    expect(wide.height).toBeCloseTo(5 * MM);
  });

  it("moves by arrows and sizes with Shift", () => {
    const one = signature();
    expect(byKey(one, "ArrowLeft", { shift: false, fine: false }, PAPER)?.left).toBeCloseTo(one.left - MM);
    expect(byKey(one, "ArrowDown", { shift: false, fine: true }, PAPER)?.top).toBeCloseTo(one.top + MM / 10);
    expect(byKey(one, "ArrowUp", { shift: true, fine: false }, PAPER)?.height).toBeCloseTo(one.height - MM);
    expect(byKey(one, "a", { shift: false, fine: false }, PAPER)).toBeNull();
  });

  it("speaks to the server in the page's own coordinates", () => {
    const one: Placed = { kind: "signature", name: "ChuKy", page: 2, left: 100, top: 42, width: 200, height: 60 };
    expect(fieldOf(one, A4)).toEqual({ name: "ChuKy", page: 1, box: [100, 740, 300, 800] });
    expect(fieldOf(one, [10, 20, 605, 862, 0]).box).toEqual([110, 760, 310, 820]);
  });

  it("knows what the steps still want", () => {
    const wanted = wantedKinds(["check", "initial", "initial", "approve", "sign", "number", "seal", "issue"]);
    expect(wanted).toEqual(["initial", "initial", "signature", "number", "date", "seal"]);
    expect(missing(wanted, [firstPlace("initial", 1, A4, []), signature()])).toEqual(["initial", "number", "date", "seal"]);
  });

  it("asks for no field that the paper has, and for one signature however many sign", () => {
    expect(stillWanted(["initial", "initial", "sign", "sign", "number"], ["KyNhay1", "So"])).toEqual(["initial", "signature", "date"]);
    expect(stillWanted(["sign", "number", "seal"], ["ChuKy", "So", "NgayThang", "ConDau"])).toEqual([]);
  });
});
