/** Room for the shape of a stroke while it is worked out: places, and the letters of its path. It is used again for the next
 * stroke, so that thousands of them leave nothing behind that has to be collected. */

const FIRST_ROOM = 256;
/** The longest number with its letter and sign. */
const LONGEST = 24;
const MINUS = 45;
const ZERO = 48;

/** A row of places, with half the width of a line at each where that is needed. */
export class Places {
  x = new Float64Array(FIRST_ROOM);
  y = new Float64Array(FIRST_ROOM);
  r = new Float64Array(FIRST_ROOM);
  count = 0;

  clear(): void {
    this.count = 0;
  }

  add(x: number, y: number, r: number): void {
    if (this.count === this.x.length) this.#grow();
    this.x[this.count] = x;
    this.y[this.count] = y;
    this.r[this.count] = r;
    this.count += 1;
  }

  #grow(): void {
    this.x = larger(this.x);
    this.y = larger(this.y);
    this.r = larger(this.r);
  }
}

function larger(values: Float64Array<ArrayBuffer>): Float64Array<ArrayBuffer> {
  const more = new Float64Array(values.length * 2);
  more.set(values);
  return more;
}

/** Letters of path data, written as bytes: a text that grows by pieces is a tree of small texts until somebody reads it. */
export class PathText {
  #bytes = new Uint8Array(FIRST_ROOM * LONGEST);
  #count = 0;
  readonly #decoder = new TextDecoder();

  clear(): void {
    this.#count = 0;
  }

  /** One ASCII letter. */
  letter(code: number): void {
    if (this.#count + LONGEST > this.#bytes.length) this.#grow();
    this.#bytes[this.#count] = code;
    this.#count += 1;
  }

  /** A whole number. */
  number(value: number): void {
    if (this.#count + LONGEST > this.#bytes.length) this.#grow();
    const bytes = this.#bytes;
    let end = this.#count;
    let rest = value;
    if (rest < 0) {
      bytes[end] = MINUS;
      end += 1;
      rest = -rest;
    }
    end += 1;
    for (let top = 10; top <= rest; top *= 10) end += 1;
    this.#count = end;
    do {
      const next = Math.floor(rest / 10);
      end -= 1;
      bytes[end] = ZERO + rest - next * 10;
      rest = next;
    } while (rest > 0);
  }

  text(): string {
    return this.#decoder.decode(this.#bytes.subarray(0, this.#count));
  }

  #grow(): void {
    const more = new Uint8Array(this.#bytes.length * 2);
    more.set(this.#bytes);
    this.#bytes = more;
  }
}
