import { parseHtml, writeHtml } from './html-tree.ts';

/**
 * Plain text of at most `max` UTF-16 units: cut at a word boundary where one is near enough, never inside a surrogate
 * pair, an entity or a letter with its accents. Text that fits comes back as it is.
 */
export function truncateText(text: string, max: number): string {
  return text.length <= max ? text : text.slice(0, cutAt(text, max)).trimEnd();
}

/** HTML of at most `max` units, cut in text as `truncateText` does; open elements are closed within the limit. */
export function truncateHtml(html: string, max: number): string {
  if (html.length <= max) return html;
  for (let room = max; room > 0;) {
    const cut = writeHtml(parseHtml(html.slice(0, outsideTag(html, cutAt(html, room)))));
    if (cut.length <= max) return cut.trimEnd();
    // The closing tags, and what the parser writes out more fully, need room of their own.
    room -= cut.length - max;
  }
  return '';
}

function cutAt(text: string, max: number): number {
  const whole = outsideEntity(text, outsideGrapheme(text, max));
  // A word longer than a quarter of the limit is cut rather than the text halved.
  const boundary = lastBoundary(text, whole, Math.floor(max * 0.75));
  return boundary ?? whole;
}

function lastBoundary(text: string, from: number, floor: number): number | null {
  for (let at = from; at > floor; at--) {
    if (/\s/u.test(text.charAt(at)) || /\s/u.test(text.charAt(at - 1))) return at;
  }
  return null;
}

function outsideGrapheme(text: string, at: number): number {
  const low = text.charCodeAt(at);
  let cut = low >= 0xdc00 && low <= 0xdfff ? at - 1 : at;
  while (cut > 0 && /[\p{M}\u200d]/u.test(text.charAt(cut))) cut -= 1;
  return cut;
}

function outsideEntity(text: string, at: number): number {
  const open = text.lastIndexOf('&', at - 1);
  if (open === -1 || at - open > 32) return at;
  const entity = /^&(#\d+|#x[\da-f]+|[a-z][\da-z]*);/i.exec(text.slice(open, open + 40));
  return entity !== null && open + entity[0].length > at ? open : at;
}

function outsideTag(html: string, at: number): number {
  const open = html.lastIndexOf('<', at - 1);
  return open > html.lastIndexOf('>', at - 1) && /^<[a-z/!]/i.test(html.slice(open)) ? open : at;
}
