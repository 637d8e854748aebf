/** The time for screens that count minutes: moves on twice a minute while somebody looks. */
import { createSubscriber } from "svelte/reactivity";

const EVERY_MS = 30_000;

const subscribe = createSubscriber((update) => {
  const timer = setInterval(update, EVERY_MS);
  return () => { clearInterval(timer); };
});

/** Now, in ms. */
export function now(): number {
  subscribe();
  return Date.now();
}
