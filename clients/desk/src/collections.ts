/** Sets and maps that are made once and never changed: what is shown is exchanged as a whole. */

export function setOf<T>(values: Iterable<T> = []): ReadonlySet<T> {
  return new Set(values);
}

export function mapBy<T>(values: Iterable<T>, key: (value: T) => string): ReadonlyMap<string, T> {
  const found = new Map<string, T>();
  for (const value of values) found.set(key(value), value);
  return found;
}
