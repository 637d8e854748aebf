/** Who is signed in on this desk, and the connection that lasts as long as that. */
import { loadLocale, locale, type Locale } from "@phien/kit/i18n";
import { act, ApiError, Connection, get, newId, type Standing } from "@phien/kit/net";
import { Streams } from "@phien/kit/sync";
import type { Me, Operation } from "@phien/wire";

/** `asking`: not known yet. `away`: the server cannot be reached, so nobody knows who is signed in. */
export type Door = "asking" | "away" | "out" | "in" | "update";

const DEVICE = "phien.device";

class Session {
  door = $state<Door>("asking");
  me = $state.raw<Me | null>(null);
  link = $state<Standing>("connecting");
  /** Since when the connection is down, ms of this device. */
  downSince = $state<number | null>(null);
  /** How far the server's clock is ahead of this device's, in ms. */
  ahead = $state(0);
  streams = new Streams();
  connection: Connection | null = null;
  readonly #listeners = new Set<(stream: string, operation: Operation) => void>();

  /** Asks the server who is signed in; also after the network failed. */
  async begin(): Promise<void> {
    try {
      await this.enter(await get<Me>("/accounts/me"));
    } catch (error) {
      this.door = error instanceof ApiError && error.unsent ? "away" : "out";
    }
  }

  /** Signed in as `me`: opens the connection. Another language than the one shown means a reload. */
  async enter(me: Me): Promise<void> {
    if (me.lang !== locale() && (me.lang === "vi" || me.lang === "en")) await loadLocale(me.lang satisfies Locale);
    this.me = me;
    this.#connect();
    this.door = "in";
  }

  async leave(): Promise<void> {
    await act("POST", "/accounts/sign-out");
    this.#out();
  }

  /** Calls `listener` with every operation that enters a followed stream; returns how to stop. */
  onOperation(listener: (stream: string, operation: Operation) => void): () => void {
    this.#listeners.add(listener);
    return () => { this.#listeners.delete(listener); };
  }

  #connect(): void {
    this.connection?.close();
    this.streams = new Streams();
    const { streams } = this;
    const connection = new Connection(deviceId(), () => streams.known());
    this.connection = connection;
    streams.attach(connection);
    streams.onApplied = (stream, operation) => {
      if (operation.event.name === "accounts.signed_out" && operation.event.device_id === this.me?.device_id) this.#out();
      for (const listener of this.#listeners) listener(stream, operation);
    };
    connection.on("stream.welcome", ({ server_time }) => { this.ahead = Date.parse(server_time) - Date.now(); });
    connection.watch((standing) => { this.#turned(connection, standing); });
    connection.open();
  }

  #turned(connection: Connection, standing: Standing): void {
    if (connection !== this.connection) return;
    this.link = standing;
    this.downSince = connection.downSince;
    if (standing !== "refused") return;
    if (connection.reason === "must_update") this.door = "update";
    else this.#out();
  }

  #out(): void {
    this.connection?.close();
    this.connection = null;
    this.me = null;
    this.door = "out";
  }
}

/** This browser's own id, kept: the server tells its tabs' devices apart by it. */
function deviceId(): string {
  const kept = localStorage.getItem(DEVICE);
  if (kept) return kept;
  const made = newId();
  localStorage.setItem(DEVICE, made);
  return made;
}

export const session = new Session();
