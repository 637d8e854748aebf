/** Tests of the uploads: order, two at once, refusals that stay, retries. */
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
  test("two go at once, the third when one is done", async () => {
    const { sent, uploads } = server();
    uploads.add("i1", [file("a.pdf"), file("b.pdf"), file("c.pdf")]);
    expect(sent.map((each) => each.path)).toEqual(["/items/i1/papers?filename=a.pdf&purpose=paper", "/items/i1/papers?filename=b.pdf&purpose=paper"]);
    sent[0]!.done();
    await settled();
    expect(sent).toHaveLength(3);
    expect(uploads.of("i1").map((each) => each.file.name)).toEqual(["b.pdf", "c.pdf"]);
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
    uploads.add("i1", [file("a.pdf"), file("b.pdf"), file("c.pdf")]);
    sent[0]!.fail(new ApiError("documents.encrypted", "Chưa nhận: tệp có mật khẩu."));
    await settled();
    expect(uploads.all[0]).toMatchObject({ state: "refused", error: "Chưa nhận: tệp có mật khẩu.", again: false });
    expect(sent).toHaveLength(3);
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
