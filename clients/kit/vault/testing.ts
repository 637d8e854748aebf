/** A vault for tests: opened, with few rounds, and a name of its own. */
import { Vault } from "./vault.ts";

let names = 0;

export const HALF = { id: "h1", half: btoa("0123456789abcdef0123456789abcdef"), server_time: "2026-11-27T01:00:00.000Z" };

export function nameOfOne(): string {
  return `vault-${++names}`;
}

/** Of a person on the tablet `name`; two of one name are two starts of one tablet. */
export function vaultOf(person: string, name: string): Vault {
  return new Vault(person, { vault: name, keys: `${name}-keys`, rounds: 10 });
}

export async function openVault(person: string, name: string, given: Partial<typeof HALF> = {}): Promise<Vault> {
  const vault = vaultOf(person, name);
  await vault.openOnline({ ...HALF, ...given });
  return vault;
}
