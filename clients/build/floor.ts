/** Puts `floor.js` in every page: plain old script that tells a browser too old for the app what to do. */
import { readFileSync } from "node:fs";
import { resolve } from "node:path";

import type { Plugin } from "vite";

const SOURCE = resolve(import.meta.dirname, "floor.js");

export function browserFloor(): Plugin {
  let base = "/";
  return {
    name: "phien-browser-floor",
    configResolved(config) {
      base = config.base;
    },
    configureServer(server) {
      server.middlewares.use((request, response, next) => {
        if (request.url !== "/floor.js" && request.url !== `${base}floor.js`) {
          next();
          return;
        }
        response.setHeader("Content-Type", "text/javascript");
        response.end(readFileSync(SOURCE));
      });
    },
    transformIndexHtml: () => [
      { tag: "script", attrs: { src: `${base}floor.js` }, injectTo: "head" },
    ],
    generateBundle() {
      this.emitFile({ type: "asset", fileName: "floor.js", source: readFileSync(SOURCE) });
    },
  };
}
