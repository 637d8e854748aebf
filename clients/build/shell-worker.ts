/** Tells the service worker which files are the shell of the app: their names and one version over all contents. */
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import type { Plugin } from "vite";

/** Needed before any paper is opened, or to open one without network: not cMaps, fonts and profiles of old files. */
const SHELL = /^(index\.html|floor\.js|manifest\.webmanifest|icons\/.*|assets\/.*\.(js|mjs|css|woff2)|pdfjs-[^/]*\/wasm\/.*)$/;
const PLACE = "__SHELL__";

export interface BuiltFile {
  name: string;
  content: string | Uint8Array;
}

/** `{version, files}` of the shell: files sorted, version changes when any byte of any of them does. */
export function shellOf(built: BuiltFile[]): { version: string; files: string[] } {
  const shell = built.filter((file) => SHELL.test(file.name)).sort((a, b) => (a.name < b.name ? -1 : 1));
  const hash = createHash("sha256");
  for (const file of shell) hash.update(file.name).update("\0").update(file.content).update("\0");
  return { version: hash.digest("hex").slice(0, 16), files: shell.map((file) => file.name) };
}

/** Files that are copied as they are: manifest and icons. */
function publicFiles(folder: string): BuiltFile[] {
  if (folder === "") return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .map((path) => ({ name: path.slice(folder.length + 1), content: readFileSync(path) }));
}

export function shellWorker(): Plugin {
  let publicFolder = "";
  return {
    name: "phien-shell-worker",
    enforce: "post",
    configResolved(config) {
      publicFolder = config.publicDir;
    },
    generateBundle: {
      order: "post",
      handler(_options, bundle) {
        const worker = Object.values(bundle).find((file) => file.fileName === "sw.js");
        if (worker?.type !== "chunk") return;
        if (worker.imports.length > 0) this.error("sw.ts must stand alone: a service worker loads as one file");
        const built = Object.values(bundle)
          .filter((file) => file.fileName !== "sw.js")
          .map((file) => ({ name: file.fileName, content: file.type === "chunk" ? file.code : file.source }));
        const shell = shellOf([...built, ...publicFiles(publicFolder)]);
        if (!worker.code.includes(PLACE)) this.error(`sw.ts does not use ${PLACE}`);
        worker.code = worker.code.replaceAll(PLACE, JSON.stringify(shell));
      },
    },
  };
}
