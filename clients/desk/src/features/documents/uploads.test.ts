/** Tests of the uploads: the order chosen, two items at once, refusals that stay, retries. */
import { ApiError } from "@phien/kit/net";
import type { Paper } from "@phien/wire";
import { describe, expect, test } from "vitest";

import { Uploads } from "./uploads.svelte.ts";

interface Sent {
  path: string;
  progress: (share: number) => void;
  done: () => void;
  fail: (error: Error) => void;
}

function server(): { sent: Sent[]; uploads: Uploads } {
  const sent: Sent[] = [];
  const uploads = new Uploads((path, _file, progress) => new Promise<Paper>((resolve, reject) => {
    sent.push({ path, progress, done: () => { resolve({} as Paper); }, fail: reject });
  }));
  return { sent, uploads };
}

const file = (name: string): File => new File(["%PDF-"], name);
const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));

describe("uploads", () => {
  test("papers of an item go in the order chosen, so that they are listed in it", async () => {
    const { sent, uploads } = server();
    uploads.add("i1", [file("b.pdf"), file("a.pdf")]);
    expect(sent.map((each) => each.path)).toEqual(["/items/i1/papers?filename=b.pdf&purpose=paper"]);
    sent[0]!.done();
    await settled();
    expect(sent[1]!.path).toBe("/items/i1/papers?filename=a.pdf&purpose=paper");
    expect(uploads.of("i1").map((each) => each.file.name)).toEqual(["a.pdf"]);
  });

  test("two items at once, the third when one is done; a new version does not wait for new papers", async () => {
    const { sent, uploads } = server();
    uploads.add("i1", [file("a.pdf"), file("b.pdf")]);
    uploads.replace({ id: "p1", item_id: "i1" } as Paper, file("c.pdf"));
    uploads.add("i3", [file("d.pdf")]);
    expect(sent.map((each) => each.path.split("?")[0])).toEqual(["/items/i1/papers", "/papers/p1/versions"]);
    sent[1]!.done();
    await settled();
    expect(sent[2]!.path).toContain("/items/i3/");
  });

  test("all bytes gone out is not yet accepted", () => {
    const { sent, uploads } = server();
    uploads.add("i1", [file("a.pdf")]);
    sent[0]!.progress(0.5);
    expect(uploads.all[0]).toMatchObject({ share: 0.5, state: "sending" });
    sent[0]!.progress(1);
    expect(uploads.all[0]!.state).toBe("checking");
  });

  test("a refusal stays with the server's sentence and does not hold up the others", async () => {
    const { sent, uploads } = server();
    uploads.add("i1", [file("a.pdf"), file("b.pdf")]);
    sent[0]!.fail(new ApiError("documents.encrypted", "Chưa nhận: tệp có mật khẩu."));
    await settled();
    expect(uploads.all[0]).toMatchObject({ state: "refused", error: "Chưa nhận: tệp có mật khẩu.", again: false });
    expect(sent).toHaveLength(2);
  });

  test("a cut line can be tried again, with the same file", async () => {
    const { sent, uploads } = server();
    uploads.add("i1", [file("a.pdf")]);
    sent[0]!.fail(new ApiError("network", ""));
    await settled();
    expect(uploads.all[0]!.again).toBe(true);
    uploads.retry(uploads.all[0]!);
    expect(sent[1]!.path).toBe(sent[0]!.path);
    expect(uploads.all).toHaveLength(1);
  });

  test("names are sent in one Unicode form", () => {
    const { sent, uploads } = server();
    uploads.add("i1", [file("Tờ trình.pdf".normalize("NFD"))]);
    expect(new URLSearchParams(sent[0]!.path.split("?")[1]).get("filename")).toBe("Tờ trình.pdf".normalize("NFC"));
  });
});
