/** Serves pdf.js's cMaps, standard fonts, colour profiles and decoders from our own address, under its version. */
import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

import type { Plugin } from "vite";

const FOLDERS = ["cmaps", "standard_fonts", "iccs", "wasm"];
const home = dirname(createRequire(import.meta.url).resolve("pdfjs-dist/package.json"));

/** Folder name in the build, e.g. `pdfjs-6.5.438`: a new version never meets an old cached decoder. */
export function pdfAssetsFolder(): string {
  const { version } = JSON.parse(readFileSync(join(home, "package.json"), "utf8")) as { version: string };
  return `pdfjs-${version}`;
}

function assetNames(): string[] {
  // The JavaScript sandbox of forms (quickjs) is left out: no script of a paper ever runs.
  return FOLDERS.flatMap((folder) => readdirSync(join(home, folder)).map((name) => `${folder}/${name}`)).filter(
    (name) => !name.includes("quickjs"),
  );
}

export function pdfAssets(): Plugin {
  let prefix = "/";
  return {
    name: "phien-pdf-assets",
    configResolved(config) {
      prefix = `${config.base}${pdfAssetsFolder()}/`;
    },
    configureServer(server) {
      const known = new Set(assetNames());
      server.middlewares.use((request, response, next) => {
        const name = request.originalUrl?.startsWith(prefix) ? request.originalUrl.slice(prefix.length) : "";
        if (!known.has(name)) {
          next();
          return;
        }
        if (name.endsWith(".js")) response.setHeader("Content-Type", "text/javascript");
        if (name.endsWith(".wasm")) response.setHeader("Content-Type", "application/wasm");
        response.end(readFileSync(join(home, name)));
      });
    },
    generateBundle() {
      for (const name of assetNames()) {
        const source = readFileSync(join(home, name));
        this.emitFile({ type: "asset", fileName: `${pdfAssetsFolder()}/${name}`, source });
      }
    },
  };
}
