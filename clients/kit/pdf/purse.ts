/** All bitmaps of pages that live at one time, counted: iPads end an app, without a word, when they cost too much. */

/** What Safari gives to one canvas. */
export const CANVAS_PIXELS = 16_777_216;
/** What all may cost together: 100 MB at four bytes a pixel. */
export const TOTAL_PIXELS = 25_000_000;
export const LOW_TOTAL_PIXELS = 12_000_000;
/** A page is never drawn with less than this, however little is left. */
const LEAST_PIXELS = 500_000;

/** A page that holds bitmaps. */
export interface Tenant {
  readonly pixels: number;
  /** In the window: its bitmaps are not taken for another's. */
  readonly visible: boolean;
  /** Gives its bitmaps back; it draws again when it is seen. */
  evict: () => void;
}

export class Purse {
  readonly #limit: () => number;
  readonly #tenants = new Set<Tenant>();

  constructor(limit: () => number) {
    this.#limit = limit;
  }

  get used(): number {
    let sum = 0;
    for (const tenant of this.#tenants) sum += tenant.pixels;
    return sum;
  }

  enter(tenant: Tenant): void {
    this.#tenants.add(tenant);
  }

  leave(tenant: Tenant): void {
    this.#tenants.delete(tenant);
  }

  /**
   * How many of `wanted` pixels `by` may take now. For a page in the window bitmaps of pages outside of it go; a page
   * outside gets all it wants, or nothing when there is not enough left.
   */
  grant(wanted: number, by: Tenant): number {
    const most = Math.min(wanted, CANVAS_PIXELS);
    if (!by.visible) return this.used + most <= this.#limit() ? most : 0;
    for (const tenant of this.#tenants) {
      if (this.used + most <= this.#limit()) break;
      if (tenant !== by && !tenant.visible) tenant.evict();
    }
    return Math.min(most, Math.max(LEAST_PIXELS, this.#limit() - this.used));
  }
}
