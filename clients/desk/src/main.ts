/** Starts the app: language first, then the screen of the address. */
import "@phien/kit/ui/css/index.css";
import "./desk.css";

import { loadLocale, preferredLocale } from "@phien/kit/i18n";
import { followLinks } from "@phien/kit/router";
import { mount } from "svelte";

import App from "./App.svelte";
import { router } from "./router.ts";

await loadLocale(preferredLocale());
const target = document.getElementById("app");
if (!target) throw new Error("index.html lacks #app");
followLinks(router, target);
mount(App, { target });
