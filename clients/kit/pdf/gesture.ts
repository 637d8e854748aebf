/** Fingers on the paper: pinch, double tap and, while a tool is on, scrolling by one finger; wheel with Ctrl. */
import type { XY } from "./geometry.ts";
import { type Finger, FingerTaps } from "./taps.ts";

export interface GestureTarget {
  /** The stroke of a pen or finger is under way: hands off. */
  held: () => boolean;
  /** The browser does not scroll by touch now (a tool is on), so one finger must be followed here. */
  ownScroll: () => boolean;
  /** Zooms so far by `factor` since the start, with the point under the fingers moved from `from` to `to`. */
  pinch: (from: XY, to: XY, factor: number) => void;
  pinchEnd: () => void;
  doubleTap: (at: XY) => void;
  /** Two or three fingers touched and left at once. */
  fingerTap: (count: number) => void;
  scrollBy: (dx: number, dy: number) => void;
  /** One step of Ctrl + wheel. */
  wheelZoom: (at: XY, factor: number) => void;
}

const DOUBLE_TAP_MS = 300;
const TAP_PX = 12;
/** Speed left after each millisecond of a flick. */
const FRICTION = 0.996;
const STILL_PX_MS = 0.02;

interface Pair {
  readonly middle: XY;
  readonly apart: number;
}

function pairOf(touches: TouchList): Pair | null {
  const [a, b] = [touches[0], touches[1]];
  if (!a || !b) return null;
  return {
    middle: { x: (a.clientX + b.clientX) / 2, y: (a.clientY + b.clientY) / 2 },
    apart: Math.max(1, Math.hypot(a.clientX - b.clientX, a.clientY - b.clientY)),
  };
}

/** A pen also makes touch events on iPads; those are not fingers. */
function byPen(touch: Touch): boolean {
  return (touch as Touch & { touchType?: string }).touchType === "stylus";
}

function fingersOf(touches: TouchList): Finger[] {
  return [...touches].filter((touch) => !byPen(touch)).map((touch) => ({ id: touch.identifier, x: touch.clientX, y: touch.clientY }));
}

/** Listens on `element`. Touch events and not pointer events: they go on while the browser scrolls. */
export function gestures(element: HTMLElement, target: GestureTarget): () => void {
  const session = new Gestures(target);
  const passive = { passive: false };
  const off = new AbortController();
  const on = { ...passive, signal: off.signal };
  element.addEventListener("touchstart", (event) => { session.start(event); }, on);
  element.addEventListener("touchmove", (event) => { session.move(event); }, on);
  element.addEventListener("touchend", (event) => { session.end(event); }, on);
  element.addEventListener("touchcancel", (event) => { session.end(event); }, on);
  element.addEventListener("wheel", (event) => { session.wheel(event); }, on);
  return () => {
    off.abort();
    session.stop();
  };
}

class Gestures {
  readonly #target: GestureTarget;
  #from: Pair | null = null;
  #last: (XY & { t: number }) | null = null;
  #speed = { x: 0, y: 0 };
  #tap: (XY & { t: number }) | null = null;
  #moved = false;
  #frame = 0;
  readonly #taps = new FingerTaps();

  constructor(target: GestureTarget) {
    this.#target = target;
  }

  start(event: TouchEvent): void {
    this.stop();
    this.#taps.down(fingersOf(event.touches), event.timeStamp);
    const touch = event.touches[0];
    // A stroke that began on what the browser would scroll by.
    if (this.#target.held() && event.cancelable) event.preventDefault();
    if (!touch || byPen(touch) || this.#target.held()) return;
    this.#moved = event.touches.length > 1;
    this.#last = { x: touch.clientX, y: touch.clientY, t: event.timeStamp };
    this.#speed = { x: 0, y: 0 };
    if (event.touches.length === 2) {
      event.preventDefault();
      this.#from = pairOf(event.touches);
    }
  }

  move(event: TouchEvent): void {
    this.#taps.move(fingersOf(event.touches));
    if (this.#target.held()) {
      this.#last = null;
      return;
    }
    if (event.touches.length >= 2) {
      // Two fingers may get here without a start: the first one was drawing until the second came.
      if (event.cancelable) event.preventDefault();
      if (this.#taps.maybe) return;
      const now = pairOf(event.touches);
      this.#from ??= now;
      this.#moved = true;
      if (this.#from && now) this.#target.pinch(this.#from.middle, now.middle, now.apart / this.#from.apart);
      return;
    }
    this.#oneFinger(event);
  }

  #oneFinger(event: TouchEvent): void {
    const touch = event.touches[0];
    if (!touch || !this.#last || this.#from || byPen(touch)) return;
    const [dx, dy] = [touch.clientX - this.#last.x, touch.clientY - this.#last.y];
    if (!this.#moved && Math.hypot(dx, dy) < TAP_PX / 2) return;
    this.#moved = true;
    const ms = Math.max(1, event.timeStamp - this.#last.t);
    this.#last = { x: touch.clientX, y: touch.clientY, t: event.timeStamp };
    if (!this.#target.ownScroll()) return;
    this.#speed = { x: 0.6 * (dx / ms) + 0.4 * this.#speed.x, y: 0.6 * (dy / ms) + 0.4 * this.#speed.y };
    if (event.cancelable) event.preventDefault();
    this.#target.scrollBy(-dx, -dy);
  }

  end(event: TouchEvent): void {
    if (this.#target.held()) this.#taps.stop();
    const tapped = this.#taps.up(event.touches.length, event.timeStamp);
    if (tapped > 0) this.#target.fingerTap(tapped);
    if (this.#from && event.touches.length < 2) {
      this.#from = null;
      this.#last = null;
      this.#target.pinchEnd();
      return;
    }
    const touch = event.changedTouches[0];
    if (event.touches.length > 0 || !touch || !this.#last) return;
    if (!this.#moved) this.#tapped(event, touch);
    else if (this.#target.ownScroll()) this.#coast(performance.now());
  }

  #tapped(event: TouchEvent, touch: Touch): void {
    const at = { x: touch.clientX, y: touch.clientY, t: event.timeStamp };
    const before = this.#tap;
    this.#tap = at;
    if (!before || at.t - before.t > DOUBLE_TAP_MS || Math.hypot(at.x - before.x, at.y - before.y) > TAP_PX * 2) return;
    this.#tap = null;
    if (event.cancelable) event.preventDefault();
    this.#target.doubleTap(at);
  }

  /** Goes on after a flick, as the browser's own scrolling does. */
  #coast(since: number): void {
    this.#frame = requestAnimationFrame((now) => {
      const ms = now - since;
      const left = FRICTION ** ms;
      this.#target.scrollBy(-this.#speed.x * ms, -this.#speed.y * ms);
      this.#speed = { x: this.#speed.x * left, y: this.#speed.y * left };
      if (Math.hypot(this.#speed.x, this.#speed.y) > STILL_PX_MS) this.#coast(now);
    });
  }

  wheel(event: WheelEvent): void {
    if (!event.ctrlKey && !event.metaKey) return;
    event.preventDefault();
    // A trackpad's pinch comes as small steps, a wheel's as large ones; both end near the same speed.
    const step = Math.max(-25, Math.min(25, event.deltaMode === 0 ? event.deltaY : event.deltaY * 16));
    this.#target.wheelZoom({ x: event.clientX, y: event.clientY }, Math.exp(-step / 100));
  }

  stop(): void {
    cancelAnimationFrame(this.#frame);
  }
}
