import { expect, test } from "vitest";

import { Lanes } from "./lanes.ts";

function deferred(): { promise: Promise<void>; resolve: () => void } {
  let resolve = (): void => undefined;
  const promise = new Promise<void>((done) => { resolve = done; });
  return { promise, resolve };
}

test("so many works run at once, the rest in the order in which they came, and a failed one makes room too", async () => {
  const lanes = new Lanes(2);
  const begun: number[] = [];
  const ends = [0, 1, 2, 3].map(deferred);
  const runs = ends.map((end, index) => lanes.run(async () => {
    begun.push(index);
    await end.promise;
    if (index === 0) throw new Error("lost");
  }));
  expect(begun).toEqual([0, 1]); // at once, not in a later turn
  ends[0]?.resolve();
  await expect(runs[0]).rejects.toThrow("lost");
  expect(begun).toEqual([0, 1, 2]);
  for (const end of ends) end.resolve();
  await Promise.all(runs.slice(1));
  expect(begun).toEqual([0, 1, 2, 3]);
});
