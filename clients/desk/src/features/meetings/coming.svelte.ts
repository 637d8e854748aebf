/** The meetings to come, for the side of every screen. */
import { get } from "@phien/kit/net";
import type { Meeting, Meetings } from "@phien/wire";

class Coming {
  meetings = $state.raw<Meeting[]>([]);

  /** Asks anew; what was shown stays where the network fails. */
  async refresh(): Promise<void> {
    try {
      const { meetings } = await get<Meetings>("/meetings?when=upcoming&limit=20");
      this.meetings = meetings.filter((each) => each.state !== "cancelled");
    } catch { /* the list only repeats what the screen of meetings says better */ }
  }
}

export const coming = new Coming();
