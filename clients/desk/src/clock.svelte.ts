/** The server's time, once a second, for as long as a component shows it. */
import { toLocalInput } from "@phien/kit/i18n";
import { untrack } from "svelte";
import { createSubscriber } from "svelte/reactivity";

import { session } from "./session.svelte.ts";

const TICK_MS = 1_000;

const subscribe = createSubscriber((update) => {
  const timer = setInterval(update, TICK_MS);
  return () => { clearInterval(timer); };
});

/** Milliseconds since 1970 by the server's clock; whoever reads it in a component is told every second. */
export function now(): number {
  subscribe();
  return Date.now() + session.ahead;
}

/** Today in Viet Nam by the server's clock, as ISO; nobody is told when midnight passes. */
export function today(): string {
  return toLocalInput(Date.now() + untrack(() => session.ahead)).slice(0, 10);
}
