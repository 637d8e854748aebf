/** A paper on its way to being issued, in the words and shapes that every app shows. */
export { ACTS, actButton, actDone, actName, CAPACITIES, capacityName, kindName, KINDS, OF_REGISTRY, refuseButton, requestWords, standing } from "./words.ts";
export type { ActKind, Capacity, PaperKind } from "./words.ts";
export { ACT_ICONS, dossierOf, inOrder, isOpen, isRejectable, isReturnable, isUnderWay, isUnsigned, type StateChip, stateChip, waitingSteps, wayOf } from "./way.ts";
