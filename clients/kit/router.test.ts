/** Tests of addresses and moving between screens. */
import { describe, expect, test } from "vitest";

import { type Browser, fill, match, paramNames, type Route, Router } from "./router.ts";

const load = (): never => { throw new Error("not loaded here"); };
const ROUTES: Route[] = [
  { name: "home", path: "/", title: "Cuộc họp", load },
  { name: "paper", path: "/meetings/:meeting/papers/:version", title: "Tài liệu", load },
];

function fakeBrowser(start: string): Browser & { stack: string[]; pop: () => void } {
  const stack = [start];
  let changed = (): void => undefined;
  return {
    stack,
    path: () => stack.at(-1) ?? "",
    push: (path) => { stack.push(path); },
    replace: (path) => { stack.splice(-1, 1, path); },
    back: () => { stack.pop(); changed(); },
    listen: (listener) => { changed = listener; return () => undefined; },
    pop: () => { stack.pop(); changed(); },
  };
}

describe("patterns", () => {
  test("params are decoded and encoded the same way", () => {
    const path = fill("/a/:x/b", { x: "tờ trình/1" });
    expect(match("/a/:x/b", path)).toEqual({ x: "tờ trình/1" });
  });
  test("other length or other word does not match", () => {
    expect(match("/a/:x", "/a")).toBeNull();
    expect(match("/a/:x", "/b/1")).toBeNull();
  });
  test("a trailing slash and a broken escape do not break it", () => {
    expect(match("/a/:x", "/a/1/")).toEqual({ x: "1" });
    expect(match("/a/:x", "/a/%E0%A4%A")).toEqual({ x: "%E0%A4%A" });
  });
  test("a missing param is refused", () => {
    expect(() => fill("/a/:x")).toThrow("lacks :x");
  });
  test("names of the params", () => {
    expect(paramNames("/meetings/:meeting/papers/:version")).toEqual(["meeting", "version"]);
  });
});

describe("router", () => {
  test("reads the first place under its base", () => {
    const router = new Router(ROUTES, "/tablet/", fakeBrowser("/tablet/meetings/m1/papers/v2?page=3"));
    expect(router.place.route?.name).toBe("paper");
    expect(router.place.params).toEqual({ meeting: "m1", version: "v2" });
    expect(router.place.query.get("page")).toBe("3");
  });
  test("the base alone, with or without slash, is home", () => {
    expect(new Router(ROUTES, "/tablet/", fakeBrowser("/tablet")).place.route?.name).toBe("home");
    expect(new Router(ROUTES, "/tablet/", fakeBrowser("/tablet/")).place.route?.name).toBe("home");
  });
  test("an unknown address has no route", () => {
    expect(new Router(ROUTES, "/tablet/", fakeBrowser("/tablet/nowhere")).place.route).toBeNull();
  });
  test("go tells subscribers, back returns", () => {
    const browser = fakeBrowser("/tablet/");
    const router = new Router(ROUTES, "/tablet/", browser);
    const seen: (string | undefined)[] = [];
    const stop = router.subscribe((place) => seen.push(place.route?.name));
    router.go("paper", { meeting: "m", version: "v" });
    router.back();
    stop();
    router.go("paper", { meeting: "m", version: "v" });
    expect(seen).toEqual(["home", "paper", "home"]);
    expect(browser.stack.at(-1)).toBe("/tablet/meetings/m/papers/v");
  });
  test("replace leaves no step behind", () => {
    const browser = fakeBrowser("/tablet/");
    new Router(ROUTES, "/tablet/", browser).replace("paper", { meeting: "m", version: "v" }, { page: "2" });
    expect(browser.stack).toEqual(["/tablet/meetings/m/papers/v?page=2"]);
  });
  test("open refuses what is not ours", () => {
    const router = new Router(ROUTES, "/tablet/", fakeBrowser("/tablet/"));
    expect(router.open("/tablets/x")).toBe(false);
    expect(router.open("/desk/")).toBe(false);
    expect(router.open("/tablet/meetings/m/papers/v")).toBe(true);
    expect(router.place.route?.name).toBe("paper");
  });
});
