/** Taking papers away: what is asked for, where it is asked, and how the tablet gives it on. */
import { t } from "@phien/kit/i18n";

export interface Choice {
  /** One's own private notes go along. */
  own: boolean;
  /** Shared notes go along. */
  shared: boolean;
  /** "3-5, 8"; empty for all. */
  pages: string;
}

/** Where a paper is asked for as chosen: the bytes as they are where nothing is added to them and nothing left out. */
export function addressOf(version: string, choice: Choice, how: "save" | "show" | "xfdf"): string {
  const { own, shared, pages } = choice;
  const bare = !own && !shared && pages.trim() === "";
  if (bare && how !== "xfdf") return `/versions/${version}/${how === "save" ? "download" : "content"}`;
  const query = new URLSearchParams();
  if (own) query.set("own", "true");
  if (shared) query.set("shared", "true");
  if (pages.trim() !== "") query.set("pages", pages.trim());
  if (how === "show") query.set("inline", "true");
  return `/versions/${version}/${how === "xfdf" ? "xfdf" : "copy"}?${query.toString()}`;
}

/** A file's name: no sign that a file system refuses, and not too long for one. */
export function fileName(title: string, ending: string): string {
  const plain = title.normalize("NFC").replace(/[\\/:*?"<>|\u0000-\u001f]+/g, " ").replace(/\s+/g, " ").trim();
  return `${(plain || t("Tài liệu")).slice(0, 120).trim()}.${ending}`;
}

/** Whether the device gives files on by its own sheet (an iPad, where a web app can save and print in no other way). */
export function sharesFiles(device: Pick<Navigator, "userAgent" | "maxTouchPoints"> = navigator): boolean {
  const apple = /iPad|iPhone/.test(device.userAgent) || (device.userAgent.includes("Macintosh") && device.maxTouchPoints > 1);
  return apple && "share" in device && "canShare" in device;
}

/** Saves a file as the browser does. */
export function save(file: Blob, name: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(file);
  link.download = name;
  link.click();
  setTimeout(() => { URL.revokeObjectURL(link.href); }, 60_000);
}

/** Opens the device's own sheet for a file; closing it is no error. */
export async function share(file: Blob, name: string): Promise<void> {
  try {
    await navigator.share({ files: [new File([file], name, { type: file.type })] });
  } catch (reason) {
    if (!(reason instanceof DOMException && reason.name === "AbortError")) throw reason;
  }
}

/**
 * Prints what lies at an address by the browser's own printing. Answers with what the server says where it refuses.
 * A frame, since a page of ours that was opened for it would stay behind.
 */
export async function print(address: string): Promise<string | null> {
  const frame = document.createElement("iframe");
  frame.hidden = true;
  frame.title = t("Bản in");
  const loaded = new Promise((resolve) => { frame.addEventListener("load", resolve, { once: true }); });
  frame.src = `/api/v1${address}`;
  document.querySelector("iframe[data-print]")?.remove();
  frame.setAttribute("data-print", "");
  document.body.append(frame);
  await loaded;
  const told = frame.contentDocument;
  if (told?.contentType !== "application/json") {
    frame.contentWindow?.focus();
    frame.contentWindow?.print();
    return null;
  }
  const { error } = JSON.parse(told.body.textContent) as { error: { text: string } };
  frame.remove();
  return error.text;
}
