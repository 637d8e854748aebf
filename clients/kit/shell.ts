/** The installed app: registers the service worker and says when a new version waits. */

/**
 * Registers `sw.js` under `base`. `waiting` is called when a newer build lies ready; calling what it gets lets the
 * new build take over and reloads the page. Call it only when no sitting is open and nothing is unsent.
 */
export async function keepShell(base: string, waiting: (takeOver: () => void) => void): Promise<void> {
  if (!("serviceWorker" in navigator) || !import.meta.env.PROD) return;
  const registration = await navigator.serviceWorker.register(`${base}sw.js`, { scope: base });
  const offer = (): void => {
    const next = registration.waiting;
    if (next && navigator.serviceWorker.controller) waiting(() => { takeOver(next); });
  };
  registration.addEventListener("updatefound", () => {
    registration.installing?.addEventListener("statechange", offer);
  });
  offer();
}

function takeOver(next: ServiceWorker): void {
  navigator.serviceWorker.addEventListener("controllerchange", () => { location.reload(); }, { once: true });
  next.postMessage("take-over");
}

/** Asks that the browser keeps our storage; answers whether it does. */
export async function keepStorage(): Promise<boolean> {
  return (await navigator.storage.persisted()) || navigator.storage.persist();
}
