/**
 * Text that every JSON parser and database takes: halves of surrogate pairs (a cut emoji) become the replacement character,
 * NUL goes.
 */
export function wellFormed(text: string): string {
  return text.replaceAll('\u0000', '').replace(/\p{Surrogate}/gu, '\uFFFD');
}
