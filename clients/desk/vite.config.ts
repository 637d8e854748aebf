/** Build of the secretariat's app, served under /desk/. */
import { defineConfig } from "vite";

import { app } from "../build/app.ts";

export default defineConfig(app(import.meta.dirname, "/desk/"));
