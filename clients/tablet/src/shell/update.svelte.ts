/** A newer build that waits on this device, and the one way to let it take over: by the hand of who holds it. */

/** What somebody would lose, or be torn out of, if the page began anew now. */
export interface Doing {
  /** One of their meetings is under way. */
  readonly sitting: boolean;
  /** Notes that the server does not have. */
  readonly unsent: number;
  /** Those lie on the disk, and are sent after the update. */
  readonly durable: boolean;
  /** The server will not have this build any more: nothing is sent or received until it is updated. */
  readonly refused: boolean;
}

/**
 * Whether to offer it. A newer build that can wait does, while a meeting is under way or something is unsent. One that
 * the server insists on is offered at once, since without it the meeting goes on elsewhere, but not where it would cost
 * a note. It is never taken without a tap.
 */
export function offers({ sitting, unsent, durable, refused }: Doing): boolean {
  if (refused) return unsent === 0 || durable;
  return !sitting && unsent === 0;
}

class Update {
  #takeOver = $state.raw<(() => void) | null>(null);

  ready(takeOver: () => void): void {
    this.#takeOver = takeOver;
  }

  get waits(): boolean {
    return this.#takeOver !== null;
  }

  /** Takes the new build, or the newest that the server has: the page starts anew. */
  async take(): Promise<void> {
    if (this.#takeOver) {
      this.#takeOver();
      return;
    }
    const registration = await navigator.serviceWorker.getRegistration(import.meta.env.BASE_URL);
    await registration?.unregister();
    location.reload();
  }
}

export const update = new Update();
