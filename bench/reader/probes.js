// What the bench sees of a page without the page's help: its canvases, its frames, what lies in the middle of the window.
(() => {
  const canvases = new Set();
  const create = Document.prototype.createElement;
  Document.prototype.createElement = function (name, ...rest) {
    const element = create.call(this, name, ...rest);
    if (String(name).toLowerCase() === "canvas") canvases.add(new WeakRef(element));
    return element;
  };

  /** Bytes of all canvases that still hold a bitmap, on screen or not. */
  const canvasBytes = () => {
    let sum = 0;
    for (const ref of canvases) {
      const canvas = ref.deref();
      if (!canvas) canvases.delete(ref);
      else sum += canvas.width * canvas.height * 4;
    }
    return sum;
  };

  const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));

  /** Taps a link; milliseconds until page 1 stands on a canvas, and that canvas's width. */
  const openPaper = async (selector) => {
    const link = document.querySelector(selector);
    const began = performance.now();
    link.click();
    for (;;) {
      await frame();
      const canvas = document.querySelector('section.pages [data-page="1"] canvas.whole');
      if (canvas && canvas.width > 0) return [performance.now() - began, canvas.width];
      if (performance.now() - began > 60_000) throw new Error("no canvas within a minute");
    }
  };

  /** Whether a point of the window shows a drawn page or its small picture; between two pages counts as shown. */
  const shown = (x, y) => {
    const page = document.elementsFromPoint(x, y).find((each) => each.classList.contains("page"));
    if (!page) return true;
    const canvas = page.querySelector("canvas.whole");
    const picture = page.querySelector("img.under");
    return (canvas && canvas.width > 0) || (picture && picture.complete && picture.naturalWidth > 0);
  };

  /** Scrolls `pages` pages at `rate` a second; the longest time the middle was blank (ms), and peak canvas bytes. */
  const scrollThrough = async (pages, rate) => {
    const view = document.querySelector("section.pages .view");
    const box = view.getBoundingClientRect();
    const tall = document.querySelector("section.pages .page").getBoundingClientRect().height + 16;
    const [x, y] = [box.left + box.width / 2, box.top + box.height / 2];
    const [from, began] = [view.scrollTop, performance.now()];
    let [blankSince, longest, peak] = [null, 0, 0];
    for (;;) {
      const now = await frame();
      const gone = ((now - began) / 1000) * rate;
      view.scrollTop = from + gone * tall;
      peak = Math.max(peak, canvasBytes());
      if (shown(x, y)) blankSince = null;
      else longest = Math.max(longest, now - (blankSince ??= now));
      if (gone >= pages) return { longest, peak };
    }
  };

  /** Draws one stroke of `count` points, 240 a second, in the given element; script milliseconds of each frame with a move. */
  const stroke = async (selector, count) => {
    const layer = document.querySelector(selector);
    const box = layer.getBoundingClientRect();
    const [left, top] = [Math.max(box.left, 0) + 60, Math.max(box.top, 0) + 200];
    let spent = 0;
    const request = window.requestAnimationFrame;
    window.requestAnimationFrame = (callback) => request.call(window, (time) => {
      const began = performance.now();
      callback(time);
      spent += performance.now() - began;
    });
    const send = (type, at) => {
      const angle = at / 9;
      layer.dispatchEvent(new PointerEvent(type, {
        pointerId: 7, pointerType: "pen", isPrimary: true, bubbles: true, cancelable: true, pressure: 0.5 + Math.sin(at / 20) / 4,
        button: type === "pointermove" ? -1 : 0, buttons: type === "pointerup" ? 0 : 1,
        clientX: left + (at % 400) + 14 * Math.cos(angle), clientY: top + Math.floor(at / 400) * 50 + 18 * Math.sin(angle),
      }));
    };
    const took = [];
    send("pointerdown", 0);
    for (let at = 1; at < count; at += 4) {
      await new Promise((resolve) => request.call(window, resolve));
      took.push(spent); // of the frame that has just been
      spent = 0;
      const began = performance.now();
      for (let more = 0; more < 4; more++) send("pointermove", at + more);
      spent += performance.now() - began;
    }
    send("pointerup", count);
    window.requestAnimationFrame = request;
    return took.slice(2);
  };

  // The socket, so that it can be cut and given back. While it is cut, new ones lead nowhere.
  const Socket = window.WebSocket;
  const sockets = new Set();
  let isCut = false;
  let asked = () => undefined;
  window.WebSocket = class extends Socket {
    constructor(url, ...rest) {
      super(isCut ? "ws://localhost:9/" : url, ...rest);
      sockets.add(this);
      this.addEventListener("close", () => sockets.delete(this));
    }

    send(data) {
      // The first packet names what is known of each stream: the server answers with what was missed.
      if (typeof data === "string" && data.startsWith("40")) asked(performance.now());
      super.send(data);
    }
  };
  const cut = () => {
    isCut = true;
    for (const socket of sockets) socket.close();
  };

  /** Marks that are drawn on a page; many strokes may share an element, which tells how many they are. */
  const marksOn = (page) => [...document.querySelectorAll(`section.pages [data-page="${page}"] :is([data-mark], [data-marks])`)]
    .reduce((sum, each) => sum + Number(each.getAttribute("data-marks") ?? 1), 0);
  const standing = async (count) => {
    while (marksOn(1) < count) await frame();
    await frame(); // the one in which the last of them is seen
  };

  /** Gives the socket back; milliseconds from asking for what was missed until `count` marks stand on page 1. */
  const comeBack = async (count) => {
    const began = new Promise((resolve) => { asked = resolve; });
    isCut = false;
    window.dispatchEvent(new Event("online"));
    const from = await began;
    await standing(count);
    return performance.now() - from;
  };

  /** Taps a link; milliseconds until page 1 stands on a canvas with `count` marks over it. */
  const openMarked = async (selector, count) => {
    const began = performance.now();
    await openPaper(selector);
    await standing(count);
    return performance.now() - began;
  };

  globalThis.bench = { openPaper, scrollThrough, stroke, canvasBytes, cut, comeBack, openMarked };
})();
