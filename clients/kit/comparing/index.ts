/** Two versions of a paper: which pages became which, and both before one's eyes. */
export { default as Compare } from "./Compare.svelte";
export { pairs, told } from "./pages.ts";
export type { Side } from "./side.ts";
