/** Papers that were chosen to be signed with one unlocking; kept while the app is open, over the screens in which each is read. */
import { SvelteSet } from "svelte/reactivity";

export const chosen = new SvelteSet<string>();
