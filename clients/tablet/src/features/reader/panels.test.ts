import { describe, expect, it } from "vitest";

import { restingPane, toggled } from "./panels.ts";

function storage(): Storage {
  const kept = new Map<string, string>();
  return { getItem: (key: string) => kept.get(key) ?? null, setItem: (key: string, value: string) => kept.set(key, value) } as unknown as Storage;
}

describe("panels beside the pages", () => {
  it("show the layers until they are put away, also the next time", () => {
    const kept = storage();
    expect(restingPane(kept)).toBe("layers");
    expect(toggled("layers", "layers", kept)).toBeNull();
    expect(restingPane(kept)).toBeNull();
    expect(toggled(null, "layers", kept)).toBe("layers");
    expect(restingPane(kept)).toBe("layers");
  });

  it("give way to the search and come back after it", () => {
    const kept = storage();
    expect(toggled("layers", "find", kept)).toBe("find");
    expect(toggled("find", "contents", kept)).toBe("contents");
    expect(toggled("find", "find", kept)).toBe("layers");
    toggled("layers", "layers", kept);
    expect(toggled("find", "find", kept)).toBeNull();
  });
});
