/** Pen, highlighter, eraser and notes: shapes, rules and drawing without a view framework. */
export { type Authored, lastOfAuthors, spread } from "./authors.ts";
export {
  AROUND, type Body, type HighlightBody, type InkBody, type Mark, type NoteBody, type Quad, type ShapeBody, type ShapeKind, type TextBody,
  type TextStyle,
} from "./body.ts";
export { hitMarks, hits } from "./hit.ts";
export { LiveStroke } from "./live.ts";
export { inkPath, outline } from "./outline.ts";
export {
  drawState, PINCH_WINDOW_MS, pointer,
  type DrawState, type Effect, type FingerRule, type Outcome, type PointerInput, type PointerKind, type Sample,
} from "./pointer.ts";
export { decodePoints, encodePoints, simplify, type Point } from "./stroke.ts";
export { UndoStack, type Change, type Thing } from "./undo.ts";
