import { describe, expect, it } from "vitest";

import { paragraphs } from "./reflow.ts";

describe("reading as text", () => {
  it("joins the lines of a paragraph and parts paragraphs", () => {
    const text = [
      "Thực hiện Nghị quyết của Hội đồng nhân dân thành phố về kế hoạch đầu",
      "tư công năm 2027, Sở Tài chính báo cáo như sau.",
      "Tổng vốn được giao trong năm là 8.420 tỷ đồng, trong đó vốn ngân sách",
      "trung ương là 1.200 tỷ đồng.",
    ].join("\n");
    expect(paragraphs(text)).toEqual([
      "Thực hiện Nghị quyết của Hội đồng nhân dân thành phố về kế hoạch đầu tư công năm 2027, Sở Tài chính báo cáo như sau.",
      "Tổng vốn được giao trong năm là 8.420 tỷ đồng, trong đó vốn ngân sách trung ương là 1.200 tỷ đồng.",
    ]);
  });

  it("begins anew at points, articles and headings", () => {
    const text = "KẾ HOẠCH\nĐẦU TƯ CÔNG\nĐiều 1. Phạm vi điều chỉnh của quyết định này gồm các dự án\n- dự án nhóm A\n- dự án nhóm B\na) vốn trong nước\n1.2. Vốn ngoài nước";
    expect(paragraphs(text)).toEqual([
      "KẾ HOẠCH ĐẦU TƯ CÔNG", "Điều 1. Phạm vi điều chỉnh của quyết định này gồm các dự án", "- dự án nhóm A", "- dự án nhóm B",
      "a) vốn trong nước", "1.2. Vốn ngoài nước",
    ]);
  });

  it("goes on after a short line when the sentence goes on", () => {
    expect(paragraphs("Một dòng rất dài để đo bề rộng của trang in\nvốn đầu tư\ncông của thành phố")).toEqual([
      "Một dòng rất dài để đo bề rộng của trang in vốn đầu tư công của thành phố",
    ]);
  });

  it("keeps the rows of a table apart, and their cells", () => {
    const text = "Bảng 2. Mười đơn vị\nTT\tXã, phường\tHồ sơ\n1\tphường Long Khê \t 9.711\n2\tphường Hòa Mai\t27.036\nGhi chú: số liệu đến tháng 11\nnăm 2026.";
    expect(paragraphs(text)).toEqual([
      "Bảng 2. Mười đơn vị", "TT\tXã, phường\tHồ sơ", "1\tphường Long Khê\t9.711", "2\tphường Hòa Mai\t27.036",
      "Ghi chú: số liệu đến tháng 11 năm 2026.",
    ]);
  });

  it("loses no word and makes none up", () => {
    const text = "Số: 318/TTr-STC\n\nKính gửi: UBND thành phố\n  Căn cứ Luật   Đầu tư công;\n\n2\n";
    expect(paragraphs(text).join(" ").split(" ")).toEqual(text.split(/\s+/).filter(Boolean));
    expect(paragraphs("")).toEqual([]);
  });
});
