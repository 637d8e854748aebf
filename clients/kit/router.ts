/** Screens and their addresses: one route table per app, the current place, and moving between places. */
import type { Component } from "svelte";

export type Params = Record<string, string>;

/** A screen. `path` is relative to the app's base, `:name` stands for one segment. `title` is a catalogue key. */
export interface Route {
  readonly name: string;
  readonly path: string;
  readonly title: string;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- every screen declares its own props
  readonly load: () => Promise<{ default: Component<any> }>;
}

/** Where the app is. `route` is null for an address that no screen has. */
export interface Place {
  readonly route: Route | null;
  readonly params: Params;
  readonly query: URLSearchParams;
  readonly path: string;
}

/** What the router needs of the browser; tests give their own. */
export interface Browser {
  path: () => string;
  push: (path: string) => void;
  replace: (path: string) => void;
  back: () => void;
  /** Calls `changed` when the user goes back or forward. Answers with the undo of that. */
  listen: (changed: () => void) => () => void;
}

/** Names of the `:params` of a path pattern, in order. */
export function paramNames(pattern: string): string[] {
  return pattern
    .split("/")
    .filter((part) => part.startsWith(":"))
    .map((part) => part.slice(1));
}

/** Params if `path` fits `pattern`, else null. A trailing slash does not matter. */
export function match(pattern: string, path: string): Params | null {
  const want = pattern.split("/").filter(Boolean);
  const have = path.split("/").filter(Boolean);
  if (want.length !== have.length) return null;
  const params: Params = {};
  for (const [index, part] of want.entries()) {
    const got = have[index] ?? "";
    if (part.startsWith(":")) params[part.slice(1)] = safeDecode(got);
    else if (part !== got) return null;
  }
  return params;
}

/** A segment with a broken escape is taken as it stands: no address may break the app. */
function safeDecode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

/** The path of a pattern with its params filled in. Throws when one is missing: that is a mistake in the code. */
export function fill(pattern: string, params: Params = {}): string {
  return pattern
    .split("/")
    .map((part) => {
      if (!part.startsWith(":")) return part;
      const value = params[part.slice(1)];
      if (value === undefined) throw new Error(`route ${pattern} lacks ${part}`);
      return encodeURIComponent(value);
    })
    .join("/");
}

/** Browser history as the router sees it. */
export function browserHistory(): Browser {
  return {
    path: () => location.pathname + location.search,
    push: (path) => { history.pushState(null, "", path); },
    replace: (path) => { history.replaceState(null, "", path); },
    back: () => { history.back(); },
    listen: (changed) => {
      addEventListener("popstate", changed);
      return () => { removeEventListener("popstate", changed); };
    },
  };
}

/** The router of one app. It is a readable store: `$router` in a component is the current place. */
export class Router {
  readonly routes: readonly Route[];
  readonly #base: string;
  readonly #browser: Browser;
  readonly #listeners = new Set<(place: Place) => void>();
  #place: Place;

  /** `base` as Vite knows it, with both slashes, e.g. "/tablet/". */
  constructor(routes: readonly Route[], base: string, browser: Browser = browserHistory()) {
    this.routes = routes;
    this.#base = base.replace(/\/$/, "");
    this.#browser = browser;
    this.#place = this.#read();
    browser.listen(() => { this.#moved(); });
  }

  get place(): Place {
    return this.#place;
  }

  subscribe(listener: (place: Place) => void): () => void {
    this.#listeners.add(listener);
    listener(this.#place);
    return () => this.#listeners.delete(listener);
  }

  /**
   * The places of one route, as a readable store: a screen that is being left keeps its last one while the next is
   * fetched, instead of showing itself without what it was asked for.
   */
  of(name: string): { subscribe: (listener: (place: Place) => void) => () => void } {
    let last = this.#place;
    return {
      subscribe: (listener) => this.subscribe((place) => {
        if (place.route?.name === name) last = place;
        listener(last);
      }),
    };
  }

  /** Address for a link: `<a href={router.href("paper", {meeting, version})}>`. */
  href(name: string, params: Params = {}, query: Params = {}): string {
    const route = this.routes.find((each) => each.name === name);
    if (!route) throw new Error(`no route ${name}`);
    const search = new URLSearchParams(query).toString();
    return this.#base + fill(route.path, params) + (search ? `?${search}` : "");
  }

  go(name: string, params: Params = {}, query: Params = {}): void {
    this.#browser.push(this.href(name, params, query));
    this.#moved();
  }

  /** Like `go`, without a step to go back to. */
  replace(name: string, params: Params = {}, query: Params = {}): void {
    this.#browser.replace(this.href(name, params, query));
    this.#moved();
  }

  back(): void {
    this.#browser.back();
  }

  /** Opens a path of this app (from a link). Answers whether it is one. */
  open(path: string): boolean {
    if (path !== this.#base && !path.startsWith(`${this.#base}/`)) return false;
    this.#browser.push(path);
    this.#moved();
    return true;
  }

  #read(): Place {
    const url = new URL(this.#browser.path(), "http://app");
    const path = url.pathname.slice(this.#base.length) || "/";
    for (const route of this.routes) {
      const params = match(route.path, path);
      if (params) return { route, params, query: url.searchParams, path };
    }
    return { route: null, params: {}, query: url.searchParams, path };
  }

  #moved(): void {
    this.#place = this.#read();
    for (const listener of this.#listeners) listener(this.#place);
  }
}

/**
 * Makes plain links move inside the app: a click on an `<a>` of our own, without modifier key, download or target.
 * Answers with the undo.
 */
export function followLinks(router: Router, root: HTMLElement): () => void {
  const clicked = (event: MouseEvent): void => {
    if (event.defaultPrevented || event.button !== 0) return;
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    const link = event.target instanceof Element ? event.target.closest("a") : null;
    if (!link || link.target || link.hasAttribute("download") || link.origin !== location.origin) return;
    if (link.hash && link.pathname === location.pathname) return;
    if (router.open(link.pathname + link.search)) event.preventDefault();
  };
  root.addEventListener("click", clicked);
  return () => { root.removeEventListener("click", clicked); };
}
