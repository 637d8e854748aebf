/** Service worker of the tablet: keeps the shell of the app for starting without network, and nothing else.
 *
 * Papers and answers of the server never enter a cache here: papers lie encrypted in the vault of the app. A new
 * version is put aside and takes over when the app says so, never under a reader during a sitting.
 */
export {};
declare const self: ServiceWorkerGlobalScope;
/** Written in by the build: the files of the shell and one version over all of them. */
declare const __SHELL__: { version: string; files: string[] };

const SHELL = __SHELL__;
const PREFIX = "phien-shell-";
const CACHE = PREFIX + SHELL.version;
const scope = new URL(self.registration.scope);
const INDEX = new URL("index.html", scope).href;
const known = new Set(SHELL.files.map((file) => new URL(file, scope).href));

async function keepShell(): Promise<void> {
  const cache = await caches.open(CACHE);
  await cache.addAll([...known].map((href) => new Request(href, { cache: "reload" })));
}

async function dropOldShells(): Promise<void> {
  for (const name of await caches.keys()) {
    if (name.startsWith(PREFIX) && name !== CACHE) await caches.delete(name);
  }
  await self.clients.claim();
}

/** From the cache; from the network if the browser has thrown the entry away. */
async function shellFile(href: string, request: Request): Promise<Response> {
  const cache = await caches.open(CACHE);
  return (await cache.match(href)) ?? fetch(request);
}

self.addEventListener("install", (event) => { event.waitUntil(keepShell()); });
self.addEventListener("activate", (event) => { event.waitUntil(dropOldShells()); });
self.addEventListener("message", (event) => {
  if (event.data === "take-over") event.waitUntil(self.skipWaiting());
});
self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET") return;
  const url = new URL(request.url);
  if (url.origin !== scope.origin) return;
  if (request.mode === "navigate" && url.pathname.startsWith(scope.pathname)) {
    event.respondWith(shellFile(INDEX, request));
  } else if (known.has(url.origin + url.pathname)) {
    event.respondWith(shellFile(url.origin + url.pathname, request));
  }
});
