/** Service worker of the tablet: keeps the shell of the app for starting without network, and nothing else.
 *
 * Papers and answers of the server never enter a cache here: papers lie encrypted in the vault of the app, which gives
 * pictures of their pages when the network does not. A new
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

const PICTURE = /^\/api\/v1\/versions\/([^/]+)\/pages\/([0-9]+)\/thumbnail$/;
const ANSWER_MS = 5_000;

async function keepShell(): Promise<void> {
  const cache = await caches.open(CACHE);
  await cache.addAll([...known].map((href) => new Request(href, { cache: "reload" })));
}

/** The build before stays: a page of it may still be open beside, and load a part that the server has no more. */
async function dropOldShells(): Promise<void> {
  const olds = (await caches.keys()).filter((name) => name.startsWith(PREFIX) && name !== CACHE); // oldest first
  for (const name of olds.slice(0, -1)) await caches.delete(name);
  await self.clients.claim();
}

/** From the cache; from the network if the browser has thrown the entry away. */
async function shellFile(href: string, request: Request): Promise<Response> {
  const cache = await caches.open(CACHE);
  return (await cache.match(href)) ?? fetch(request);
}

/** A part of the build before, for a page of it that is still open. */
async function olderFile(request: Request): Promise<Response> {
  const answer = await fetch(request);
  return answer.ok ? answer : (await caches.match(request)) ?? answer;
}

/** The picture of a page; where the network has none, out of the app's vault, which only a page of the app can open. */
async function picture(request: Request, client: string, version: string, page: number): Promise<Response> {
  try {
    return await fetch(request);
  } catch (error) {
    const app = await self.clients.get(client);
    if (!app) throw error;
    const bytes = await new Promise<Uint8Array<ArrayBuffer> | null>((resolve) => {
      const { port1, port2 } = new MessageChannel();
      const late = setTimeout(() => { resolve(null); }, ANSWER_MS);
      port1.onmessage = ({ data }) => { clearTimeout(late); resolve(data as Uint8Array<ArrayBuffer> | null); };
      app.postMessage({ ask: "picture", version, page }, [port2]);
    });
    if (!bytes) throw error;
    return new Response(bytes, { headers: { "Content-Type": "image/jpeg", "Cache-Control": "no-store" } });
  }
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
  } else if (request.destination === "image" && PICTURE.test(url.pathname)) {
    // Not what the app fetches ahead for its vault: minutes of that would keep this worker busy, and a new build out.
    const [, version = "", page = ""] = PICTURE.exec(url.pathname) ?? [];
    event.respondWith(picture(request, event.clientId, version, Number(page)));
  } else if (known.has(url.origin + url.pathname)) {
    event.respondWith(shellFile(url.origin + url.pathname, request));
  } else if (url.pathname.startsWith(`${scope.pathname}assets/`)) {
    event.respondWith(olderFile(request));
  }
});
