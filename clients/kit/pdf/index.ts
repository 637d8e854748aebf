/** Papers on screen: the engine behind an interface, geometry, page list and painting. No view framework. */
export {
  joinText, PaperError, quadsOf, type Area, type Chapter, type PdfDoc, type PdfEngine, type PdfSource, type Reference, type TextPiece,
} from "./engine.ts";
export { find, search, type Found, type Hit, type Searched } from "./find.ts";
export { fold } from "./fold.ts";
export {
  apply, inverse, quadPoints, rectToQuad, shownSize, toCss, toShown, toUser, type Matrix, type PageBox, type Size, type XY,
} from "./geometry.ts";
export { gestures, type GestureTarget } from "./gesture.ts";
export { foundIn } from "./layer-text.ts";
export {
  alive, anchorAt, currentPage, inWindow, layOut, MAX_LIVE, MAX_ZOOM, MIN_ZOOM, pointOf, slotAt,
  type Anchor, type Frame, type Layout, type Slot,
} from "./layout.ts";
export { pixelBudget, watchForCrash } from "./memory.ts";
export { httpSource, openPdf } from "./open.ts";
export { addressOf, type Outward, outwardOf } from "./outward.ts";
export { PagePainter, type Wanted } from "./painter.ts";
export { type ReadPage, type ReadPages, type ReadWord, withRead } from "./recognised.ts";
export { joinLines, selectedIn, textBetween, type Selected } from "./select.ts";
export { turns } from "./turns.ts";
