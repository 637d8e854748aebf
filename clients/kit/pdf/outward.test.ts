import { describe, expect, test } from "vitest";

import { outwardOf } from "./outward.ts";

describe("addresses that lead out of a paper", () => {
  test("web pages by their host, mail by its address", () => {
    expect(outwardOf("https://vanban.chinhphu.vn/?id=1")).toEqual({ kind: "web", url: "https://vanban.chinhphu.vn/?id=1", where: "vanban.chinhphu.vn" });
    expect(outwardOf("http://Example.ORG:8080")).toMatchObject({ kind: "web", where: "example.org:8080" });
    expect(outwardOf("mailto:van%2Dthu@tangiang.example?subject=Gop%20y")).toMatchObject({ kind: "mail", where: "van-thu@tangiang.example" });
  });
  test.each([
    "javascript:alert(1)", "JavaScript:alert(1)", "java\nscript:alert(1)", "data:text/html,x", "file:///etc/passwd", "blob:https://a/b", "intent://x#Intent;end",
    "tel:113", "vanban/1", "#trang2", "", "mailto:", "https://",
  ])("%j is not offered", (address) => { expect(outwardOf(address)).toBeNull(); });
  test("a host is not hidden behind a name that looks like one", () => {
    expect(outwardOf("https://vanban.chinhphu.vn@evil.example/")).toBeNull();
    expect(outwardOf("https://аpple.example/")?.where).toMatch(/^xn--/);
  });
});
