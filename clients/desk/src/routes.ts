/** All screens of this app. Tests walk this table: a screen that is not here does not exist. */
import { messageKey } from "@phien/kit/i18n";
import type { Route } from "@phien/kit/router";

export const routes: readonly Route[] = [
  { name: "home", path: "/", title: messageKey("Cuộc họp"), load: () => import("./Home.svelte") },
];
