/** Addresses in a paper that lead out of it: which of them may be offered at all, and where they go. Pure. */

/** A page of the web, or somebody to write to. */
export interface Outward {
  readonly kind: "web" | "mail";
  /** As the browser understands it. */
  readonly url: string;
  /** Where it really leads: the host (an international name in its ASCII form, so that look-alikes show), or the mail address. */
  readonly where: string;
}

/** Null for what is never offered: scripts, files, other protocols, and names put before a host to make it look like another. */
export function outwardOf(address: string): Outward | null {
  const url = addressOf(address);
  if (url?.username !== "" || url.password !== "") return null;
  if (url.protocol === "mailto:") {
    return url.pathname.includes("@") ? { kind: "mail", url: url.href, where: plain(url.pathname) } : null;
  }
  if (url.protocol !== "https:" && url.protocol !== "http:") return null;
  return { kind: "web", url: url.href, where: url.host };
}

/** Null for what is no address of its own. Safari before 18 has no `URL.parse`. */
export function addressOf(address: string): URL | null {
  try {
    return new URL(address);
  } catch {
    return null;
  }
}

/** A broken escape stands as it is. */
function plain(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
