import { decodeHTMLStrict } from 'entities';

/**
 * Text of a field that arrives with HTML entities (fidelity T1): decoded exactly once, so that a merchant's own `&amp;`
 * survives, in NFC, trimmed. Tags stay: they may be part of what was typed (T2).
 */
export function decodedText(encoded: string): string {
  return tidyText(decodeHTMLStrict(encoded));
}

/** Text of a field that arrives as typed: NFC, trimmed. */
export function tidyText(text: string): string {
  return text.normalize('NFC').trim();
}

/** Comparison form N1 of text that is already decoded: NFC, trimmed, inner white space one blank; case matters. */
export function comparableText(text: string): string {
  return text.normalize('NFC').replace(/\s+/gu, ' ').trim();
}

/** Removes what a browser would take for a tag or a comment; `a < b` stays. */
export function stripTags(text: string): string {
  return comparableText(text.replace(/<!--.*?-->|<\/?[a-z][^<>]*>/gis, ''));
}
