import type { DraftPart, DraftText } from "@phien/wire";
import { describe, expect, it } from "vitest";

import { joined } from "./joining.ts";

const part = (id: string, text: string): DraftPart => ({ id, item_id: "", heading: id.toUpperCase(), text, numbered: true });
const BASE = { subject: "Họp", place: "Tân Giang", recipients: ["Như trên", "Lưu: VT"], parts: [part("a", "Một"), part("b", "Hai")] } as unknown as DraftText;
const texts = (text: DraftText): string[] => text.parts.map((each) => each.text);

describe("two who write one draft", () => {
  it("keep what each of them changed", () => {
    const mine = { ...BASE, subject: "Họp tháng 11" };
    const theirs = { ...BASE, parts: [part("a", "Một"), part("b", "Hai, sửa")] };
    const found = joined(BASE, mine, theirs);
    expect([found.subject, ...texts(found)]).toEqual(["Họp tháng 11", "Một", "Hai, sửa"]);
  });

  it("lose no line of a text that both wrote in", () => {
    const mine = { ...BASE, parts: [part("a", "Một\nCủa tôi"), part("b", "Hai")] };
    const theirs = { ...BASE, parts: [part("a", "Một\nCủa họ"), part("b", "Hai")] };
    expect(texts(joined(BASE, mine, theirs))).toEqual(["Một\nCủa tôi\nCủa họ", "Hai"]);
  });

  it("add parts side by side, and leave out what one of them took out", () => {
    const mine = { ...BASE, parts: [part("a", "Một"), part("b", "Hai"), part("m", "Của tôi")] };
    const theirs = { ...BASE, parts: [part("b", "Hai"), part("t", "Của họ")] };
    expect(joined(BASE, mine, theirs).parts.map((each) => each.id)).toEqual(["b", "t", "m"]);
    expect(joined(BASE, theirs, mine).parts.map((each) => each.id)).toEqual(["b", "m", "t"]);
  });

  it("keep what was written in a part that the other took out", () => {
    const mine = { ...BASE, parts: [part("a", "Một, viết thêm"), part("b", "Hai")] };
    const theirs = { ...BASE, parts: [part("b", "Hai")] };
    expect(texts(joined(BASE, mine, theirs))).toContain("Một, viết thêm");
    expect(texts(joined(BASE, theirs, mine))).toContain("Một, viết thêm");
  });

  it("have a single line as the one who joins wrote it", () => {
    expect(joined(BASE, { ...BASE, subject: "Của tôi" }, { ...BASE, subject: "Của họ" }).subject).toBe("Của tôi");
  });
});
