/** All screens of this app. Tests walk this table: a screen that is not here does not exist. */
import { messageKey } from "@phien/kit/i18n";
import type { Route } from "@phien/kit/router";

/** The screen of a paper, when the engine has its work: the two would stand in one another's way. */
async function reader(): Promise<typeof import("./features/documents/Reader.svelte")> {
  const [screen, { mayMount }] = await Promise.all([import("./features/documents/Reader.svelte"), import("./features/documents/opening.ts")]);
  await mayMount();
  return screen;
}

export const routes: readonly Route[] = [
  { name: "home", path: "/", title: messageKey("Cuộc họp"), load: () => import("./features/meetings/Home.svelte") },
  { name: "agenda", path: "/meetings/:meeting", title: messageKey("Chương trình họp"), load: () => import("./features/meetings/Agenda.svelte") },
  { name: "paper", path: "/meetings/:meeting/items/:item/papers/:paper", title: messageKey("Tài liệu"), load: reader },
  { name: "signing", path: "/signing", title: messageKey("Ký"), load: () => import("./features/signatures/Inbox.svelte") },
  { name: "sign", path: "/signing/:request", title: messageKey("Ký văn bản"), load: () => import("./features/signatures/SignPaper.svelte") },
  { name: "verify", path: "/verify", title: messageKey("Kiểm tra văn bản"), load: () => import("./features/signatures/Verify.svelte") },
  { name: "account", path: "/account", title: messageKey("Tài khoản"), load: () => import("./features/accounts/Account.svelte") },
  { name: "sign-in", path: "/sign-in", title: messageKey("Đăng nhập"), load: () => import("./features/accounts/SignIn.svelte") },
];
