/** Which field of a form a refusal of the server is about. */

/** What `Act` keeps of a refusal: the server's sentence and its stable code. */
export interface Refusal {
  error: string | null;
  code: string | null;
}

/** The sentence at the field that its code stands for in `fields`, or over the whole `form` when it is about none. */
export function byField<F extends string>({ error, code }: Refusal, fields: Readonly<Record<string, F>>): Partial<Record<F | "form", string>> {
  if (error === null) return {};
  const field: F | "form" = fields[code ?? ""] ?? "form";
  return { [field]: error } as Partial<Record<F | "form", string>>;
}
