import type { Paper, Version } from "@phien/wire";
import { describe, expect, it } from "vitest";

import { edition } from "./edition.ts";

const V1 = { id: "v1", no: 1 } as Version;
const V2 = { id: "v2", no: 2 } as Version;

function paper(version: Version | null): Paper {
  return { kind: "paper", id: "p", title: "Tờ trình", state: version ? "published" : "recalled", version } as Paper;
}

describe("the version on screen", () => {
  it("begins with the present one", () => {
    expect(edition(paper(V1), "live", null)).toEqual({ state: "open", version: V1, newer: null });
  });

  it("stays when a new one comes, and offers it", () => {
    expect(edition(paper(V2), "live", V1)).toEqual({ state: "open", version: V1, newer: V2 });
  });

  it("closes when the paper is recalled, removed, or no longer for this reader", () => {
    expect(edition(paper(null), "live", V1)).toEqual({ state: "recalled", title: "Tờ trình" });
    expect(edition(undefined, "live", V1).state).toBe("recalled");
    expect(edition(undefined, "denied", V1).state).toBe("closed");
  });

  it("keeps what is on screen while the network is away, and waits where nothing has come yet", () => {
    expect(edition(paper(V1), "joining", V1).state).toBe("open");
    expect(edition(undefined, "joining", null).state).toBe("coming");
  });
});
