/** What a tablet looks at before a meeting, and what is to be done where something is not well. Pure. */
import { fmtBytes, fmtDateTime, t } from "@phien/kit/i18n";
import type { ReadyCheck } from "@phien/wire";

type Checked = ReadyCheck["what"];

const MINUTE_MS = 60_000;
/** Leases and stamps of notes follow the clock; more than this is seen by people too. */
const CLOCK_MS = 2 * MINUTE_MS;
/** Room for what is written in a meeting, and for a paper that comes late. */
const SPARE_BYTES = 50 * 1024 * 1024;
/** Where nobody said when it ends. */
const LONG_MS = 4 * 60 * MINUTE_MS;

export interface Facts {
  readonly now: number;
  readonly starts: string;
  readonly ends: string | null;
  /** Papers that open without network, of all. */
  readonly papers: { readonly ready: number; readonly all: number; readonly missing: number };
  /** Bytes that are free; null where the browser does not say. */
  readonly free: number | null;
  readonly lasting: boolean;
  /** A newer build waits, or the server will not have this one. */
  readonly newer: boolean;
  /** By how much the tablet's clock is ahead of the server's, ms. */
  readonly ahead: number | null;
  readonly signedInUntil: string | null;
  /** How long papers open without network, hours; 0 where nothing is kept. */
  readonly hours: number;
  readonly leaseUntil: number;
  readonly lock: boolean;
  readonly pen: boolean;
}

/** In the order in which they are shown. */
export function checks(facts: Facts): ReadyCheck[] {
  const ends = facts.ends ? Date.parse(facts.ends) : Date.parse(facts.starts) + LONG_MS;
  const left = Math.max(0, minutes(ends - facts.now));
  const kept = facts.hours > 0;
  const signedIn = facts.signedInUntil === null ? 0 : minutes(Date.parse(facts.signedInUntil) - facts.now);
  const lease = minutes(facts.leaseUntil - facts.now);
  const needed = facts.papers.missing + SPARE_BYTES;
  const check = (what: Checked, ok: boolean, have = 0, need = 0): ReadyCheck => ({ what, ok, have, need });
  return [
    kept ? check("papers", facts.papers.ready === facts.papers.all, facts.papers.ready, facts.papers.all) : check("papers", true),
    check("space", facts.free === null || facts.free >= needed, facts.free ?? 0, needed),
    check("version", !facts.newer),
    check("clock", facts.ahead !== null && Math.abs(facts.ahead) <= CLOCK_MS, Math.round(facts.ahead ?? 0), CLOCK_MS),
    check("sign_in", signedIn >= left, signedIn, left),
    kept ? check("lease", lease >= left, lease, left) : check("lease", true),
    check("lock", facts.lock || !kept),
    check("lasting", facts.lasting),
    check("pen", facts.pen),
  ];
}

function minutes(ms: number): number {
  return Math.floor(ms / MINUTE_MS);
}

/** Not being well in these is no failure: a tablet without them still serves in the meeting. */
const FACTS: ReadonlySet<Checked> = new Set<Checked>(["lasting", "pen"]);

export function isFact(what: Checked): boolean {
  return FACTS.has(what);
}

export function isReady(list: readonly ReadyCheck[]): boolean {
  return list.every((check) => check.ok || isFact(check.what));
}

export interface Line {
  readonly title: string;
  /** What is, or what to do. */
  readonly text: string;
}

/** How a finding reads on the tablet itself. `now` is when it was found, ms. */
export function line({ what, ok, have, need }: ReadyCheck, now: number): Line {
  const until = (): string => fmtDateTime(new Date(now + have * MINUTE_MS).toISOString());
  switch (what) {
    case "papers": return need === 0 && ok ? { title: t("Tài liệu"), text: t("Không có tài liệu nào phải giữ trên máy.") }
      : { title: t("Tài liệu: {have}/{need}", { have, need }), text: ok ? t("Mất mạng vẫn đọc được.") : t("Giữ máy có mạng đến khi tải xong. Bấm “Tải trước cuộc họp” trên chương trình họp.") };
    case "space": return { title: t("Chỗ trống"), text: ok ? t("Còn đủ chỗ.") : t("Còn {have}, cần {need}. Xóa bớt ảnh, phim hay ứng dụng khác trên máy.", { have: fmtBytes(have), need: fmtBytes(need) }) };
    case "version": return { title: t("Phiên bản ứng dụng"), text: ok ? t("Mới nhất.") : t("Có bản mới. Bấm “Cập nhật” trên màn hình đầu trước giờ họp.") };
    case "clock": return { title: t("Đồng hồ"), text: ok ? t("Đúng giờ máy chủ.") : t("Lệch {count} phút so với máy chủ. Bật giờ tự động trong cài đặt của máy.", { count: Math.max(1, Math.round(Math.abs(have) / MINUTE_MS)) }) };
    case "sign_in": return { title: t("Đăng nhập"), text: ok ? t("Còn hạn đến hết họp.") : t("Hết hạn trước khi họp xong. Đăng xuất rồi đăng nhập lại trên máy này.") };
    case "lease": return { title: t("Đọc không cần mạng"), text: ok ? t("Mở được đến sau giờ họp.") : t("Mở được đến {time}. Mở ứng dụng có mạng lại gần giờ họp.", { time: until() }) };
    case "lock": return { title: t("Mã mở khi mất mạng"), text: ok ? t("Đã đặt.") : t("Chưa đặt: mất mạng rồi mở lại ứng dụng thì chưa đọc được. Đặt mã trong Tài khoản.") };
    case "lasting": return { title: t("Giữ lâu dài"), text: ok ? t("Máy không tự xóa tài liệu.") : t("Lâu không dùng, máy có thể tự xóa tài liệu; ứng dụng sẽ tải lại.") };
    case "pen": return { title: t("Bút"), text: ok ? t("Đã thấy bút trên máy này.") : t("Chưa thấy bút; viết bằng ngón tay được.") };
  }
}
