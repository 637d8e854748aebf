/** Links of a paper that stay in the meeting: an address of this app that names another paper of the same meeting. Pure. */
import { addressOf } from "@phien/kit/pdf";
import { match } from "@phien/kit/router";

const PAPER = "/meetings/:meeting/items/:item/papers/:paper";

/** The paper that `url` opens in the app at `app` (its address with the base), where it is one of `meeting`. */
export function paperAt(url: string, app: string, meeting: string): { item: string; paper: string } | null {
  const [to, home] = [addressOf(url), addressOf(app)];
  if (!home || to?.origin !== home.origin || !to.pathname.startsWith(home.pathname)) return null;
  const found = match(PAPER, to.pathname.slice(home.pathname.length));
  return found?.meeting === meeting ? { item: found.item ?? "", paper: found.paper ?? "" } : null;
}
