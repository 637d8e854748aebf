/** Who is connected to a meeting now: asked once, then told by the server. Volatile: what is lost comes with the next. */
import { get } from "@phien/kit/net";
import type { Followers, Presence, PresenceView } from "@phien/wire";

import { setOf } from "../../collections.ts";
import { session } from "../../session.svelte.ts";

export class RoomPresence {
  online = $state.raw<ReadonlySet<string>>(setOf());
  visible = $state.raw<ReadonlySet<string>>(setOf());
  followers = $state.raw<Followers | null>(null);

  /** Make it while a component is set up; `wanted` is false while the server has nothing to say. */
  constructor(meeting: () => string, wanted: () => boolean) {
    $effect(() => {
      const id = meeting();
      if (!wanted() || session.link !== "online") return;
      void get<PresenceView>(`/meetings/${id}/presence`).then((view) => { this.#take(view); }, () => undefined);
      const stops = [
        session.connection?.on("live.presence", (presence: Presence) => { if (presence.meeting_id === id) this.#take(presence); }),
        session.connection?.on("live.followers", (followers) => { this.followers = followers; }),
      ];
      return () => { for (const stop of stops) stop?.(); };
    });
  }

  #take(view: PresenceView): void {
    this.online = setOf(view.online);
    this.visible = setOf(view.visible);
  }
}
