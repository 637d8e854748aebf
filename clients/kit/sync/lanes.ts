/** At most so many works at once; what comes later waits its turn, in order. */
export class Lanes {
  readonly #width: number;
  #free: number;
  readonly #waiting: (() => void)[] = [];

  constructor(width: number) {
    this.#width = this.#free = width;
  }

  /** Whether something is under way. */
  get busy(): boolean {
    return this.#free < this.#width;
  }

  /** Begins `work` at once where a lane is free, else when one has become free. */
  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.#free > 0) this.#free -= 1;
    else await new Promise<void>((begin) => this.#waiting.push(begin));
    try {
      return await work();
    } finally {
      const next = this.#waiting.shift();
      if (next) next(); // the lane is handed on
      else this.#free += 1;
    }
  }
}
