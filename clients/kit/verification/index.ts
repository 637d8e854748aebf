/** A check of signatures as both apps show it: where it comes from, its words, and its components. */
export { default as Check } from "./Check.svelte";
export { default as CheckDialog } from "./CheckDialog.svelte";
export { default as Checked } from "./Checked.svelte";
export { keep, ofFile, ofVersion, type Source } from "./source.ts";
export { advice, factsOf, reasonWords, signatureVerdict, unchecked, verdictName, why } from "./words.ts";
