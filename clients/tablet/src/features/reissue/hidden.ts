/** Which versions one has been told about and does not want to be told again, on this device. */
const HIDDEN = "phien.reissue.hidden";
const MOST = 200;

function all(storage: Storage): string[] {
  try {
    const kept: unknown = JSON.parse(storage.getItem(HIDDEN) ?? "[]");
    return Array.isArray(kept) ? kept.filter((each) => typeof each === "string") : [];
  } catch {
    return [];
  }
}

export function isHidden(version: string, storage: Storage = localStorage): boolean {
  return all(storage).includes(version);
}

/** Keeps that it was told; the oldest are forgotten first. */
export function setHidden(version: string, storage: Storage = localStorage): void {
  storage.setItem(HIDDEN, JSON.stringify([...all(storage).filter((each) => each !== version), version].slice(-MOST)));
}
