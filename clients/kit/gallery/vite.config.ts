/** A page with all components and a paper to write on, for looking at; part of no app. */
import { defineConfig } from "vite";

import { app } from "../../build/app.ts";

export default defineConfig(app(import.meta.dirname, "/gallery/"));
