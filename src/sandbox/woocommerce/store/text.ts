import { textOf } from '../rest/params.ts';
/** WordPress's own treatment of text, as far as it shows in answers. */

const bareAmpersand = /&(?!(?:#\d+|#x[0-9a-f]+|[a-z][a-z0-9]*);)/gi;

/** Product names keep their tags, and bare ampersands become entities (fidelity §1 T1, T2). */
export function productTitle(text: string): string {
  return text.trim().replace(bareAmpersand, '&amp;');
}

/** Term names lose their tags; `&`, `<` and `>` become entities (fidelity §1 T1, T2). */
export function termName(text: string): string {
  const stripped = text
    .replace(/<[^<>]*>/g, '')
    .replace(/\s+/g, ' ')
    .trim();
  return stripped.replace(bareAmpersand, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
}

/** `wc_clean`: tags gone, white space collapsed. */
export function cleanText(text: string): string {
  return text
    .replace(/<[^<>]*>/g, '')
    .replace(/\s+/g, ' ')
    .trim();
}

/** `sanitize_title`: lower case, accents off, what is not ASCII percent-encoded in lower case (fidelity §1 T18). */
export function slugOf(text: string): string {
  const plain = text
    .replace(/<[^<>]*>/g, '')
    .replace(/&[a-z0-9#]+;/gi, '')
    .normalize('NFD')
    .replace(/[\u0300-\u036f]/g, '')
    .normalize('NFC')
    .toLowerCase();
  const pieces = Array.from(plain, (letter) => {
    if (/[a-z0-9_-]/.test(letter)) return letter;
    if (/[\s./–—\u00a0]/.test(letter)) return '-';
    return letter.codePointAt(0)! < 128 ? '' : percentEncoded(letter);
  });
  return cutWhole(pieces, 200)
    .replace(/-+/g, '-')
    .replace(/^-+|-+$/g, '');
}

function percentEncoded(letter: string): string {
  return Array.from(new TextEncoder().encode(letter), (byte) => `%${byte.toString(16).padStart(2, '0')}`).join('');
}

/** Slugs are cut at 200 bytes, never inside one encoded letter. */
function cutWhole(pieces: readonly string[], limit: number): string {
  let out = '';
  for (const piece of pieces) {
    if (out.length + piece.length > limit) break;
    out += piece;
  }
  return out;
}

/** The first of `slug`, `slug-2`, `slug-3`, … that is not taken. */
export function uniqueSlug(wanted: string, taken: (slug: string) => boolean): string {
  if (!taken(wanted)) return wanted;
  let suffix = 2;
  while (taken(`${wanted}-${suffix}`)) suffix += 1;
  return `${wanted}-${suffix}`;
}

const blockStart =
  /^<\/?(?:p|div|ul|ol|li|table|thead|tbody|tr|td|th|h[1-6]|blockquote|pre|form|style|figure|section|hr)\b/i;

/** What `context=view` shows of a long text: paragraphs wrapped, shortcodes expanded (fidelity §1 T7). */
export function renderedHtml(raw: string): string {
  if (raw.trim() === '') return '';
  const paragraphs = expandShortcodes(raw)
    .replace(/\r\n?/g, '\n')
    .split(/\n\s*\n/);
  const wrapped = paragraphs
    .map((paragraph) => paragraph.trim())
    .filter((paragraph) => paragraph !== '')
    .map((paragraph) =>
      blockStart.test(paragraph) ? `${paragraph}\n` : `<p>${paragraph.replace(/\n/g, '<br />\n')}</p>\n`,
    );
  return wrapped.join('');
}

/** Known shortcodes become markup; those of plugins that are gone stay as they were typed. */
function expandShortcodes(text: string): string {
  return text
    .replace(/\[gallery ids="([\d,]+)"\]/g, (_, ids: string) => galleryMarkup(ids.split(',')))
    .replace(/\[caption[^\]]*\]([\s\S]*?)\[\/caption\]/g, '<div class="wp-caption">$1</div>');
}

function galleryMarkup(ids: readonly string[]): string {
  const items = ids.map(
    (id) => `<dl class='gallery-item'><dt class='gallery-icon'><a href='?attachment_id=${id}'></a></dt></dl>`,
  );
  return `<style type="text/css">#gallery-1 {margin: auto;}</style><div id='gallery-1' class='gallery'>${items.join('')}</div>`;
}

/** `wc_format_decimal` without rounding: `5.555` stays, what is not a number becomes `""` (fidelity §1 T8). */
export function decimalText(value: unknown): string {
  const text = textOf(value)
    .replace(/[^\d.-]/g, '')
    .trim();
  return /^-?(?:\d+\.?\d*|\.\d+)$/.test(text) ? text : '';
}
