/** The line of the reader's name that a copy carries: drawn like everything on its page, and no part of its text. */

/** The angle at which the server draws it, in degrees (server/documents/watermark/prepare.py); nothing else has it. */
const DEGREES = 31.7;
const NEARLY = 0.05;

/** Whether a piece of text is part of that line, whichever way the page is turned. */
export function isNameMark(transform: readonly unknown[]): boolean {
  const [a, b] = [Number(transform[0] ?? 0), Number(transform[1] ?? 0)];
  const turn = (Math.atan2(b, a) * 180) / Math.PI;
  return Math.abs((((turn % 90) + 90) % 90) - DEGREES) < NEARLY;
}
