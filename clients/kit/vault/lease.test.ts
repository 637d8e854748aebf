import { describe, expect, it } from "vitest";

import { Lease } from "./lease.ts";

const START = Date.parse("2026-11-27T01:00:00Z");
const HOUR = 3_600_000;

/** A tablet whose clock is set by hand; what is on its disk stays over restarts. */
function tablet(): { wall: number; steady: number; start: () => Lease; row: { renewed: number; latest: number } | undefined } {
  const made = {
    wall: START,
    steady: 0,
    row: undefined as { renewed: number; latest: number } | undefined,
    start: (): Lease => new Lease({
      clock: () => Promise.resolve(made.row && { person: "me", ...made.row }),
      putClock: (row) => { made.row = row; return Promise.resolve(); },
    }, { wall: () => made.wall, steady: () => made.steady }),
  };
  return made;
}

function passes(device: { wall: number; steady: number }, hours: number): void {
  device.wall += hours * HOUR;
  device.steady += hours * HOUR;
}

describe("the lease", () => {
  it("lasts its hours from when the server was last heard", () => {
    const device = tablet();
    const lease = device.start();
    expect(lease.allows(24)).toBe(false);
    lease.heard(new Date(START).toISOString());
    passes(device, 23);
    expect([lease.allows(24), lease.allows(8)]).toEqual([true, false]);
    passes(device, 2);
    expect(lease.allows(24)).toBe(false);
    lease.heard(new Date(START + 25 * HOUR).toISOString());
    expect(lease.allows(8)).toBe(true);
    expect(lease.until(8)).toBe(START + 33 * HOUR);
  });

  it("is not made longer by turning the clock back, neither while the app runs nor over a restart", async () => {
    const device = tablet();
    const lease = device.start();
    lease.heard(new Date(START).toISOString());
    passes(device, 23);
    device.wall = START;
    expect(lease.now()).toBe(START + 23 * HOUR);
    passes(device, 2);
    device.wall = START;
    expect(lease.allows(24)).toBe(false);

    const later = device.start();
    await later.load();
    expect(later.allows(24)).toBe(false);
  });

  it("ends by the tablet's clock while the app does not run", async () => {
    const device = tablet();
    device.start().heard(new Date(START).toISOString());
    device.wall += 20 * HOUR; // the steady clock stood still: the tablet was off
    const later = device.start();
    await later.load();
    expect([later.allows(24), later.allows(12)]).toEqual([true, false]);
  });

  it("is set right by the server after a clock that ran far ahead", async () => {
    const device = tablet();
    const lease = device.start();
    lease.heard(new Date(START).toISOString());
    device.wall += 9000 * HOUR;
    expect(lease.allows(24)).toBe(false);
    device.wall = START;
    lease.heard(new Date(START + HOUR).toISOString());
    expect(lease.allows(24)).toBe(true);
    const later = device.start();
    await later.load();
    expect(later.allows(24)).toBe(true);
  });

  it("goes on while the connection stands, by the time that has passed since the server said one", () => {
    const device = tablet();
    const lease = device.start();
    lease.heard(new Date(START).toISOString());
    passes(device, 30);
    lease.still();
    expect(lease.until(24)).toBe(START + 54 * HOUR);
  });
});
