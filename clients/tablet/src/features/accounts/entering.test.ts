import { describe, expect, it } from "vitest";

import { deviceName } from "./entering.ts";

describe("the name of a device", () => {
  it.each([
    ["Mozilla/5.0 (iPad; CPU OS 18_4 like Mac OS X) AppleWebKit/605.1.15 Version/18.4 Mobile/15E148 Safari/604.1", "iPad · Safari"],
    ["Mozilla/5.0 (Linux; Android 15; SM-X910) AppleWebKit/537.36 Chrome/140.0 Safari/537.36", "Máy tính bảng Android · Chrome"],
    ["Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 Chrome/140.0 Mobile Safari/537.36", "Điện thoại Android · Chrome"],
    ["Mozilla/5.0 (Windows NT 10.0; Win64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0", "Windows · Edge"],
    ["curl/8", "Máy khác"],
  ])("%s", (agent, name) => {
    expect(deviceName(agent)).toBe(name);
  });
});
