/** Build of the leader's app, served under /tablet/. */
import { defineConfig } from "vite";

import { app } from "../build/app.ts";

export default defineConfig(app(import.meta.dirname, "/tablet/"));
