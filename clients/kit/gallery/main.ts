/** Shows the gallery: `?paper=<address>` a paper to write on, `?more` the larger parts, else the components. */
import "../ui/css/index.css";

import { mount } from "svelte";

const query = new URLSearchParams(location.search);
document.documentElement.dataset.theme = query.get("theme") ?? "light";
const page = query.has("paper") ? import("./Paper.svelte") : query.has("more") ? import("./More.svelte") : import("./Gallery.svelte");
const target = document.getElementById("app");
if (!target) throw new Error("index.html lacks #app");
mount((await page).default, { target });
