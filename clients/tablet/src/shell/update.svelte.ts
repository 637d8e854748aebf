/** A newer build that waits on this device, and the one way to let it take over. */
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
