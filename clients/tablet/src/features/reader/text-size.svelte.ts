/** How large running text is read, in CSS pixels; remembered on this device. */
const REMEMBERED = "phien.text-size";
export const SIZES = [16, 18, 20, 23, 26, 30, 36, 44] as const;
const USUAL = 20;

function remembered(): number {
  const kept = typeof localStorage === "undefined" ? NaN : Number(localStorage.getItem(REMEMBERED));
  return SIZES.find((size) => size === kept) ?? USUAL;
}

let size = $state(remembered());

export function textSize(): number {
  return size;
}

function set(next: number | undefined): void {
  if (next === undefined) return;
  size = next;
  localStorage.setItem(REMEMBERED, String(next));
}

export function largerText(): void {
  set(SIZES.find((each) => each > size));
}

export function smallerText(): void {
  set(SIZES.findLast((each) => each < size));
}
