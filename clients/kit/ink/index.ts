/** Marks on papers, and the hand that makes them: shapes, rules, tools and drawing without a view framework. */
export { Ahead } from "./ahead.ts";
export { type Authored, beginOf, lastOfAuthors, spread } from "./authors.ts";
export {
  AROUND, type Body, type HighlightBody, type InkBody, type Mark, type NoteBody, type Quad, type ShapeBody, type ShapeKind, type TextBody,
  type TextStyle,
} from "./body.ts";
export { type Bounds, boundsOf, pointsOf } from "./bounds.ts";
export { contact } from "./contact.ts";
export { rewriting } from "./contact-lasso.ts";
export { highlightOf } from "./contact-write.ts";
export {
  type Contact, type Deeds, type Ground, type InkTool, NO_PREVIEW, type Paint, type Preview, type Rewriting, type Setting,
} from "./ground.ts";
export { hand, type Holder } from "./hand.ts";
export { hitMarks, hits } from "./hit.ts";
export { around, moved, recoloured } from "./lasso.ts";
export { Laser, type LaserPlace, type LaserShown } from "./laser.ts";
export { ASCENT, LEADING, TEXT_FONT, textHeight, textLines } from "./lines.ts";
export { LiveStroke } from "./live.ts";
export { outline } from "./outline.ts";
export { INK_STEPS, inkPath } from "./ribbon.ts";
export {
  drawState, PINCH_WINDOW_MS, pointer,
  type DrawState, type Effect, type FingerRule, type Outcome, type PointerInput, type PointerKind, type Sample,
} from "./pointer.ts";
export { type Figure, Previews, type PreviewStroke, type StrokeFrame } from "./preview.ts";
export { shapePath } from "./shapes.ts";
export { decodePoints, encodePoints, simplify, type Point } from "./stroke.ts";
export { UndoStack, type Change, type Thing } from "./undo.ts";
