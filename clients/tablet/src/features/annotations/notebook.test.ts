import type { Op } from "@phien/kit/sync";
import type { NoteGroup } from "@phien/wire";
import { beforeEach, describe, expect, it } from "vitest";

import type { Live } from "../../runtime/live.svelte.ts";
import type { Layer } from "./marks.ts";
import { Notebook } from "./notebook.svelte.ts";
import { audiences, withoutPaper } from "./sharing.svelte.ts";

const INK = { type: "ink", color: "#5A2C91", w: 1.6, pts: [1, 2, 50] } as const;
const ME = { id: "me", name: "Tôi", title: "" };
const AIDE = { id: "aide", name: "Thư ký riêng", title: "" };
const GROUP: NoteGroup = { kind: "note_group", id: "1", meeting_id: "m", name: "Nhóm của tôi", keeper: "me", members: [ME, AIDE] };

/** What was written is in the outbox. */
const kept = (): Promise<void> => new Promise((done) => { setTimeout(done); });

describe("where the hand writes", () => {
  let sent: Map<string, Op[]>;
  let groups: NoteGroup[];
  let denied: string[];
  let app: Live;
  let notebook: Notebook;

  beforeEach(() => {
    sent = new Map();
    groups = [GROUP, { ...GROUP, id: "2", meeting_id: "another" }];
    denied = [];
    app = {
      me: { person_id: "me", name: "Tôi" },
      mine: { all: () => groups },
      stream: (id: string) => ({ standing: denied.includes(id) ? "denied" : "live", entities: new Map() }),
      over: (id: string) => sent.get(id) ?? [],
      runtime: {
        shelf: { holdNotes: () => undefined, privateNotes: (version: string) => `p:${version}:me` },
        outbox: { add: (stream: string, ops: Op[]) => { sent.set(stream, [...(sent.get(stream) ?? []), ...ops]); } },
      },
    } as unknown as Live;
    notebook = open();
  });

  it("is nowhere on a device that only reads", () => {
    expect([notebook.mayWrite, notebook.mayShare]).toEqual([true, true]);
    Object.assign(app, { readsOnly: true });
    expect([open().mayWrite, open().mayShare]).toEqual([false, false]);
  });

  function open(layer: Layer = "private"): Notebook {
    const opened = new Notebook(app, "v", "m");
    opened.layer = layer;
    return opened;
  }

  it("is one's own layer until another is chosen, and every mark stays where it was written", async () => {
    notebook.put({ ...INK, pts: [...INK.pts] }, 1);
    notebook.layer = "g:1";
    notebook.put({ ...INK, pts: [...INK.pts] }, 1);
    notebook.layer = "shared";
    notebook.put({ ...INK, pts: [...INK.pts] }, 2);
    await kept();
    expect([...sent].map(([stream, ops]) => [stream, ops.length])).toEqual([["p:v:me", 1], ["g:v:1", 1], ["s:v", 1]]);
    expect(notebook.layers).toEqual(["private", "g:1", "shared"]);
    expect(notebook.of("g:1").map((mark) => mark.author)).toEqual(["Tôi"]);
  });

  it("is one's own layer again when the group is gone or its layer is closed", () => {
    for (const end of [(): void => { groups = []; }, (): void => { denied = ["g:v:1"]; }]) {
      groups = [GROUP];
      denied = [];
      expect(open("g:1").tone).toBe("group");
      end();
      const after = open("g:1");
      expect([after.layer, after.tone]).toEqual(["private", "private"]);
    }
  });

  it("copies what is shared under new ids and leaves the private mark alone", async () => {
    const id = notebook.put({ ...INK, pts: [...INK.pts] }, 3);
    await kept();
    notebook.share([id], "shared");
    await kept();
    expect(sent.get("p:v:me")).toHaveLength(1);
    const [copy] = sent.get("s:v") ?? [];
    expect(copy).toMatchObject({ kind: "put", page: 3, base_rev: 0 });
    expect(copy?.ann_id).not.toBe(id);
    notebook.undo();
    await kept();
    expect(notebook.of("shared")).toEqual([]);
    expect(notebook.privates.map((mark) => mark.id)).toEqual([id]);
  });

  it("takes back the step before, where the last one's mark was taken away elsewhere; nothing is asked of what is gone", async () => {
    const first = notebook.put({ ...INK, pts: [...INK.pts] }, 1);
    notebook.layer = "shared";
    notebook.put({ ...INK, pts: [...INK.pts] }, 1);
    await kept();
    sent.set("s:v", []); // its owner erased it on another tablet
    notebook.undo();
    await kept();
    expect(sent.get("s:v")).toEqual([]);
    expect(sent.get("p:v:me")?.at(-1)).toMatchObject({ kind: "del", ann_id: first });
    expect([notebook.canUndo, notebook.canRedo]).toEqual([false, true]);
  });

  it("takes back one after another", async () => {
    const ids = [1, 2, 3].map((page) => notebook.put({ ...INK, pts: [...INK.pts] }, page));
    await kept();
    for (const left of [2, 1, 0]) {
      notebook.undo();
      await kept();
      expect(notebook.privates.map((mark) => mark.id)).toEqual(ids.slice(0, left));
    }
    expect(notebook.canUndo).toBe(false);
  });

  it("takes back at once what is still on its way to the disk", async () => {
    notebook.put({ ...INK, pts: [...INK.pts] }, 1);
    notebook.undo();
    await kept();
    expect(sent.get("p:v:me")?.map((op) => op.kind)).toEqual(["put", "del"]);
  });

  it("takes in turn what may be read: those who are said to read it", () => {
    const told = { count: 40, people: [], groups: [{ group_id: "1", count: 1 }] };
    const [own, group, all] = audiences(notebook, told);
    expect(own).toEqual({ layer: "private", count: 1, names: [] });
    expect(group).toEqual({ layer: "g:1", count: 1, names: ["Tôi", "Thư ký riêng"] });
    expect(group && withoutPaper(group)).toBe(1);
    expect(all?.count).toBe(40);
    expect(audiences(notebook, null)[1]?.count).toBeNull();
  });

  it("shows each layer or hides it, and shows the one that is written into", () => {
    notebook.put({ ...INK, pts: [...INK.pts] }, 1);
    notebook.show("private", false);
    expect(notebook.marks).toEqual([]);
    notebook.put({ ...INK, pts: [...INK.pts] }, 1);
    expect(notebook.shows("private")).toBe(true);
  });
});
