/** Lets pdf.js draw piece after piece instead of one a frame: a frame is long while a screen is being made. */
import type { RenderTask } from "pdfjs-dist/legacy/build/pdf.mjs";

/** Whatever waits between two pieces is let in. pdf.js has no option for it; where it has changed inside, it draws as it does
 * by itself. */
export function withoutFrames(task: RenderTask): void {
  const inner = (task as unknown as { _internalRenderTask?: { _useRequestAnimationFrame?: boolean } })._internalRenderTask;
  if (inner?._useRequestAnimationFrame !== true) return;
  inner._useRequestAnimationFrame = false;
  task.onContinue = (go: () => void) => { setTimeout(go); };
}
