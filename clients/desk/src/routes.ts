/** All screens of this app. Tests walk this table: a screen that is not here does not exist. */
import { messageKey } from "@phien/kit/i18n";
import type { Route } from "@phien/kit/router";

export const routes: readonly Route[] = [
  { name: "meetings", path: "/", title: messageKey("Cuộc họp"), load: () => import("./features/meetings/Meetings.svelte") },
  { name: "prepare", path: "/meetings/:meeting", title: messageKey("Chuẩn bị phiên họp"), load: () => import("./features/meetings/Prepare.svelte") },
  { name: "participants", path: "/meetings/:meeting/participants", title: messageKey("Thành phần dự họp"), load: () => import("./features/meetings/Participants.svelte") },
  { name: "invitations", path: "/meetings/:meeting/invitations", title: messageKey("Gửi và nhận giấy mời"), load: () => import("./features/invitations/Delivery.svelte") },
  { name: "drafting", path: "/meetings/:meeting/drafts", title: messageKey("Soạn văn bản"), load: () => import("./features/drafting/Drafts.svelte") },
  { name: "draft", path: "/meetings/:meeting/drafts/:draft", title: messageKey("Soạn văn bản"), load: () => import("./features/drafting/Write.svelte") },
  { name: "live", path: "/meetings/:meeting/live", title: messageKey("Điều hành phiên họp"), load: () => import("./features/live/Live.svelte") },
  { name: "signatures", path: "/signatures", title: messageKey("Ký văn bản"), load: () => import("./features/signatures/Inbox.svelte") },
  { name: "registry", path: "/registry", title: messageKey("Văn thư"), load: () => import("./features/registry/Registry.svelte") },
  { name: "delegations", path: "/delegations", title: messageKey("Ủy quyền ký"), load: () => import("./features/delegations/Delegations.svelte") },
  { name: "tablet-keys", path: "/tablet-keys", title: messageKey("Khóa ký của máy"), load: () => import("./features/signatures/Keys.svelte") },
  { name: "signing-setup", path: "/signing-setup", title: messageKey("Khóa ký, con dấu"), load: () => import("./features/signatures/setup/SigningSetup.svelte") },
  { name: "verify", path: "/verify", title: messageKey("Kiểm tra văn bản"), load: () => import("./features/signatures/Verify.svelte") },
  { name: "directory", path: "/directory", title: messageKey("Danh bạ"), load: () => import("./features/directory/Directory.svelte") },
  { name: "import", path: "/directory/import", title: messageKey("Nhập danh bạ"), load: () => import("./features/directory/Import.svelte") },
  { name: "accounts", path: "/accounts", title: messageKey("Quyền truy cập"), load: () => import("./features/accounts/Accounts.svelte") },
  { name: "account", path: "/account", title: messageKey("Tài khoản"), load: () => import("./features/accounts/Account.svelte") },
];
