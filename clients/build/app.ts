/** The build of one app: base path, browser floor, pdf.js assets and, where there is one, its service worker. */
import { existsSync } from "node:fs";
import { resolve } from "node:path";

import { svelte } from "@sveltejs/vite-plugin-svelte";
import type { UserConfig } from "vite";

import { browserFloor } from "./floor.ts";
import { pdfAssets, pdfAssetsFolder } from "./pdf-assets.ts";
import { shellWorker } from "./shell-worker.ts";

/** iPadOS 18.4 and Chrome 125 are what pdf.js, passkeys and the wake lock need. */
export const BROWSERS = ["safari18.4", "chrome125", "firefox128"];

/**
 * Vite configuration of the app in folder `root`, served under `base` (with both slashes).
 * A `src/sw.ts` in the app becomes `sw.js` with the list of the shell's files.
 */
export function app(root: string, base: string): UserConfig {
  const worker = resolve(root, "src/sw.ts");
  const input: Record<string, string> = { index: resolve(root, "index.html") };
  if (existsSync(worker)) input.sw = worker;
  return {
    root,
    base,
    plugins: [svelte(), browserFloor(), pdfAssets(), shellWorker()],
    define: { __PDF_ASSETS__: JSON.stringify(`${base}${pdfAssetsFolder()}/`) },
    worker: { format: "es" },
    build: {
      outDir: "dist",
      emptyOutDir: true,
      target: BROWSERS,
      cssTarget: BROWSERS,
      // Nothing is inlined as data:, so that the content security policy can stay closed.
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      chunkSizeWarningLimit: 700,
      reportCompressedSize: false,
      rolldownOptions: {
        input,
        // Says which plugin is slow; Svelte's compiler always is.
        checks: { bundlerTimings: false },
        output: {
          entryFileNames: (chunk) => (chunk.name === "sw" ? "sw.js" : "assets/[name]-[hash].js"),
        },
      },
    },
  };
}
