/** Where one was in each paper, on this device: page and how far down it. */
export interface Place {
  readonly page: number;
  readonly fraction: number;
  /** Of which version; older builds did not keep it. */
  readonly version?: string;
}

const REMEMBERED = "phien.places";
const MOST = 300;

type Places = Record<string, Place>;

function all(storage: Storage): Places {
  try {
    return JSON.parse(storage.getItem(REMEMBERED) ?? "{}") as Places;
  } catch {
    return {};
  }
}

export function placeIn(paper: string, storage: Storage = localStorage): Place {
  return all(storage)[paper] ?? { page: 1, fraction: 0 };
}

/** A place and nothing else: what is given may say more. */
function kept({ page, fraction, version }: Place): Place {
  return version === undefined ? { page, fraction } : { page, fraction, version };
}

/** Keeps the place; papers not read for the longest are forgotten first. */
export function rememberPlace(paper: string, place: Place, storage: Storage = localStorage): void {
  const others = Object.entries(all(storage)).filter(([id]) => id !== paper).slice(-(MOST - 1));
  storage.setItem(REMEMBERED, JSON.stringify(Object.fromEntries([...others, [paper, kept(place)]])));
}
