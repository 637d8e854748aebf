/** The one socket of the app: connects with what is known of each stream, survives sleep, says honestly how it stands. */
import { PROTOCOL, type Commands, type Drawn, type Followers, type Frame, type Page, type Pointed, type Presence, type Scrolled } from "@phien/wire";
import { io, type Socket } from "socket.io-client";

import { ApiError } from "./http.ts";
import { type From, missedPages } from "./missed.ts";

/** `refused`: the server will not have this client as it is; see `reason`. */
export type Standing = "connecting" | "online" | "offline" | "refused";

/** What the server sends by itself. */
export interface Heard {
  "stream.welcome": { proto: number; person: string; server_time: string };
  "stream.page": Page;
  "stream.ops": Frame;
  "stream.heads": Record<string, number>;
  "stream.left": { stream: string; code: string };
  "stream.opened": { streams: string[] };
  "live.scrolled": Scrolled;
  "live.pointed": Pointed;
  "live.drawn": Drawn;
  "live.presence": Presence;
  "live.followers": Followers;
}

const ACK_MS = 8_000;
/** A tablet that slept longer than this may hold a socket that only looks open. */
const SLEPT_MS = 5_000;
const WAKE_MS = 750;

export class Connection {
  standing: Standing = "connecting";
  /** Why the server refused: `must_update`, `unauthenticated`. */
  reason: string | null = null;
  /** Since when the connection has been down, in ms of the device's clock. */
  downSince: number | null = null;
  readonly #socket: Socket;
  readonly #watchers = new Set<(standing: Standing) => void>();
  #hiddenAt: number | null = null;

  /** `known` tells, at each connect, the last number of every stream that is followed. */
  constructor(device: string, known: () => Record<string, number>) {
    this.#socket = io({
      path: "/socket.io/",
      transports: ["websocket"],
      autoConnect: false,
      auth: (give) => { give({ proto: PROTOCOL, device, streams: known() }); },
      reconnectionDelay: 500,
      reconnectionDelayMax: 8_000,
      randomizationFactor: 0.5,
      timeout: 7_000,
    });
    this.#socket.on("connect", () => { this.#turn("online"); });
    this.#socket.on("disconnect", (why) => {
      this.#turn("offline");
      // The server ended it on purpose (a device was signed out, a restart): ask again, it will say why.
      if (why === "io server disconnect") setTimeout(() => this.#socket.connect(), WAKE_MS);
    });
    this.#socket.on("connect_error", (error) => { this.#failed(error); });
  }

  open(): void {
    this.#socket.connect();
    document.addEventListener("visibilitychange", this.#woke);
    window.addEventListener("pageshow", this.#woke);
    window.addEventListener("online", this.#retry);
    window.addEventListener("offline", this.#lost);
  }

  close(): void {
    document.removeEventListener("visibilitychange", this.#woke);
    window.removeEventListener("pageshow", this.#woke);
    window.removeEventListener("online", this.#retry);
    window.removeEventListener("offline", this.#lost);
    this.#socket.disconnect();
  }

  /** Sends a command and waits for its acknowledgement. Throws ApiError; `network` when none came in time. */
  async ask<N extends keyof Commands>(name: N, command: Commands[N][0]): Promise<Commands[N][1]> {
    if (!this.#socket.connected) throw new ApiError("network", "");
    let answer: unknown;
    try {
      answer = await this.#socket.timeout(ACK_MS).emitWithAck(name, command);
    } catch {
      throw new ApiError("network", "");
    }
    const refused = (answer as { error?: { code: string; text: string; args: Record<string, unknown> } }).error;
    if (refused) throw new ApiError(refused.code, refused.text, refused.args);
    return answer as Commands[N][1];
  }

  /** What was missed of a stream whose room this connection is in: by HTTP, where much may be on its way at once. */
  missed(stream: string, from: From): AsyncGenerator<Page, void, void> {
    return missedPages(stream, from);
  }

  /** Sends a command that may be lost. */
  tell<N extends keyof Commands>(name: N, command: Commands[N][0]): void {
    if (this.#socket.connected) this.#socket.volatile.emit(name, command);
  }

  /** Hears an event of the server; returns how to stop. */
  on<N extends keyof Heard>(event: N, listener: (data: Heard[N]) => void): () => void {
    const hear = (data: unknown): void => { listener(data as Heard[N]); };
    const name: string = event;
    this.#socket.on(name, hear);
    return () => { this.#socket.off(name, hear); };
  }

  watch(watcher: (standing: Standing) => void): () => void {
    this.#watchers.add(watcher);
    return () => { this.#watchers.delete(watcher); };
  }

  #turn(standing: Standing): void {
    this.standing = standing;
    this.downSince = standing === "online" ? null : (this.downSince ?? Date.now());
    if (standing === "online") this.reason = null;
    for (const watcher of this.#watchers) watcher(standing);
  }

  #failed(error: Error & { data?: { code?: string } }): void {
    const code = error.data?.code;
    if (code === "must_update" || code === "unauthenticated") {
      this.reason = code;
      this.#socket.disconnect();
      this.#turn("refused");
      return;
    }
    this.#turn("offline");
    // A refusal by the server's own hand does not come back by itself in socket.io.
    if (!this.#socket.active) setTimeout(() => this.#socket.connect(), 2_000 + Math.random() * 3_000);
  }

  readonly #retry = (): void => {
    if (this.standing === "offline") this.#socket.disconnect().connect();
  };

  /** The socket would notice only after its ping. A server on this very machine is there again at once. */
  readonly #lost = (): void => {
    if (this.standing === "online") this.#socket.disconnect().connect();
  };

  readonly #woke = (): void => {
    if (document.visibilityState === "hidden") {
      this.#hiddenAt = Date.now();
      return;
    }
    const slept = this.#hiddenAt !== null && Date.now() - this.#hiddenAt > SLEPT_MS;
    this.#hiddenAt = null;
    if (!slept || this.standing === "refused") return;
    this.#socket.disconnect();
    setTimeout(() => this.#socket.connect(), WAKE_MS);
  };
}
