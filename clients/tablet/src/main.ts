/** Starts the app: theme and language first, then who is signed in, then the screen of the address. */
import "@phien/kit/ui/css/index.css";

import { loadLocale, preferredLocale } from "@phien/kit/i18n";
import { followLinks } from "@phien/kit/router";
import { keepShell } from "@phien/kit/shell.ts";
import { mount } from "svelte";

import App from "./App.svelte";
import { session } from "./features/accounts/session.svelte.ts";
import { restoreTheme } from "./features/accounts/theme.svelte.ts";
import { router } from "./router.ts";
import { update } from "./shell/update.svelte.ts";

restoreTheme();
await loadLocale(preferredLocale());
const target = document.getElementById("app");
if (!target) throw new Error("index.html lacks #app");
followLinks(router, document.body); // dialogs lie beside #app
mount(App, { target });
void session.begin();
// The newest build takes over when the reader says so: nothing moves under a reader.
void keepShell(import.meta.env.BASE_URL, (takeOver) => { update.ready(takeOver); });
