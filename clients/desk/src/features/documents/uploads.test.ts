/** Tests of the uploads: the order chosen, two items at once, refusals that stay, lines that break, what is there already. */
import { ApiError } from "@phien/kit/net";
import type { Sending } from "@phien/kit/net/sending.ts";
import type { Arrived, Paper, Upload } from "@phien/wire";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";

import { areImages, Uploads } from "./uploads.svelte.ts";

interface Sent extends Sending {
  done: () => void;
  fail: (error: Error) => void;
}

function server(): { sent: Sent[]; uploads: Uploads } {
  const sent: Sent[] = [];
  const uploads = new Uploads((sending) => new Promise<Arrived>((resolve, reject) => {
    sent.push({ ...sending, done: () => { resolve({ paper: null, incoming: null }); }, fail: reject });
  }));
  return { sent, uploads };
}

const file = (name: string): File => new File(["%PDF-"], name);
const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));
let begun: Upload[] = [];

beforeEach(() => {
  begun = [];
  vi.stubGlobal("fetch", () => Promise.resolve(Response.json({ uploads: begun })));
});
afterEach(() => { vi.unstubAllGlobals(); });

describe("uploads", () => {
  test("papers of an item go in the order chosen, so that they are listed in it", async () => {
    const { sent, uploads } = server();
    uploads.add("i1", [file("b.pdf"), file("a.pdf")]);
    expect(sent.map((each) => [each.place, each.meta])).toEqual([[{ item: "i1", paper: null }, { filename: "b.pdf", purpose: "paper" }]]);
    sent[0]!.done();
    await settled();
    expect(sent[1]!.meta.filename).toBe("a.pdf");
    expect(uploads.of("i1").map((each) => each.file.name)).toEqual(["a.pdf"]);
  });

  test("two items at once, the third when one is done; a new version does not wait for new papers", async () => {
    const { sent, uploads } = server();
    uploads.add("i1", [file("a.pdf"), file("b.pdf")]);
    uploads.replace({ id: "p1", item_id: "i1" } as Paper, file("c.pdf"));
    uploads.add("i3", [file("d.pdf")]);
    expect(sent.map((each) => each.place)).toEqual([{ item: "i1", paper: null }, { item: "i1", paper: "p1" }]);
    sent[1]!.done();
    await settled();
    expect(sent[2]!.place.item).toBe("i3");
  });

  test("all bytes gone out is not yet accepted", () => {
    const { sent, uploads } = server();
    uploads.add("i1", [file("a.pdf")]);
    sent[0]!.progress(0.5);
    expect(uploads.all[0]).toMatchObject({ share: 0.5, state: "sending" });
    sent[0]!.progress(1);
    expect(uploads.all[0]!.state).toBe("checking");
  });

  test("while there is no network it waits, and then goes on as it was", () => {
    const { sent, uploads } = server();
    uploads.add("i1", [file("a.pdf"), file("b.pdf")]);
    sent[0]!.progress(0.5);
    sent[0]!.waiting(true);
    expect(uploads.all.map((each) => each.state)).toEqual(["offline", "waiting"]);
    expect(sent).toHaveLength(1);
    sent[0]!.waiting(false);
    expect(uploads.all[0]).toMatchObject({ share: 0.5, state: "sending" });
  });

  test("a refusal stays with the server's sentence and does not hold up the others", async () => {
    const { sent, uploads } = server();
    uploads.add("i1", [file("a.pdf"), file("b.pdf")]);
    sent[0]!.fail(new ApiError("documents.encrypted", "Chưa nhận: tệp có mật khẩu."));
    await settled();
    expect(uploads.all[0]).toMatchObject({ state: "refused", error: "Chưa nhận: tệp có mật khẩu." });
    expect(sent).toHaveLength(2);
  });

  test("a file that is in another item already is added when one says so, and only then", async () => {
    const { sent, uploads } = server();
    uploads.add("i1", [file("a.pdf"), file("b.pdf")]);
    sent[0]!.fail(new ApiError("documents.duplicate_elsewhere", "Tệp này đã có: “Tờ trình”."));
    await settled();
    expect(uploads.all[0]).toMatchObject({ state: "elsewhere", error: "Tệp này đã có: “Tờ trình”." });
    expect(sent.map((each) => each.again)).toEqual([false, false]);
    sent[1]!.done();
    await settled();
    uploads.addAnyway(uploads.all[0]!);
    expect(sent[2]).toMatchObject({ again: true, meta: { filename: "a.pdf" } });
  });

  test("what is stopped is told to stop", () => {
    const { sent, uploads } = server();
    uploads.add("i1", [file("a.pdf")]);
    uploads.drop(uploads.all[0]!);
    expect(sent[0]!.signal.aborted).toBe(true);
    expect(uploads.all).toEqual([]);
  });

  test("names are sent in one Unicode form", () => {
    const { sent, uploads } = server();
    uploads.add("i1", [file("Tờ trình.pdf".normalize("NFD"))]);
    expect(sent[0]!.meta.filename).toBe("Tờ trình.pdf".normalize("NFC"));
  });

  test("pictures that are one paper say which page each is", async () => {
    const { sent, uploads } = server();
    uploads.add("i1", [file("1.png"), file("2.png")], { joined: true });
    sent[0]!.done();
    await settled();
    const [first, second] = sent.map((each) => each.meta);
    expect([first!.part, first!.parts, second!.part, second!.parts]).toEqual(["1", "2", "2", "2"]);
    expect(first!.batch).toBe(second!.batch);
    expect(areImages([file("1.png"), file("2.JPG")])).toBe(true);
    expect(areImages([file("1.png")])).toBe(false);
    expect(areImages([file("1.png"), file("2.pdf")])).toBe(false);
  });

  test("what was begun before is listed until it goes on", async () => {
    const { uploads } = server();
    begun = [{ id: "u1", item_id: "i1", paper_id: null, filename: "a.pdf", sha256: "", size: 5, received: 2, expires_at: "" }];
    await uploads.look("i1");
    expect(uploads.left("i1").map((each) => each.id)).toEqual(["u1"]);
    uploads.add("i1", [file("a.pdf")]);
    expect(uploads.left("i1")).toEqual([]);
  });
});
