import type { WireReply } from './transport.ts';

/** What a reply's body is. `broken` = it should have been JSON and is not. */
export type ReplyBody =
  | { readonly kind: 'json'; readonly value: unknown }
  | { readonly kind: 'empty' }
  | { readonly kind: 'broken'; readonly looksLike: 'html' | 'truncated JSON' | 'text' };

/**
 * Parses by content, not by the type header alone: an HTML page under a JSON header is still HTML. With
 * `skipNotices`, text that a plugin printed before the JSON is skipped, if the header promises JSON (source-apis §1.7).
 */
export function readBody(reply: WireReply, skipNotices: boolean): ReplyBody {
  const text = reply.bytes.toString('utf8').replace(/^\uFEFF/, '');
  if (text.trim() === '') return { kind: 'empty' };
  const direct = parse(text);
  if (direct !== undefined) return { kind: 'json', value: direct };
  const saysJson = /\bjson\b/i.test(reply.headers['content-type'] ?? '');
  if (skipNotices && saysJson) {
    const rest = afterNotices(text);
    if (rest !== undefined) return { kind: 'json', value: rest };
  }
  if (/^\s*[[{"]/.test(text)) return { kind: 'broken', looksLike: 'truncated JSON' };
  return { kind: 'broken', looksLike: /<[a-z!]/i.test(text.slice(0, 2000)) ? 'html' : 'text' };
}

/** The whole rest of the text must parse from a line start or a tag's end on; a few candidates are tried. */
function afterNotices(text: string): unknown {
  const starts = text.matchAll(/(?:^|\n|>)\s*(?=[[{])/g);
  for (const start of [...starts].slice(0, 20)) {
    const value = parse(text.slice(start.index + start[0].length));
    if (value !== undefined) return value;
  }
  return undefined;
}

/** Only objects and lists: no store answers with a bare word, and `null` would hide a lost body. */
function parse(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}
