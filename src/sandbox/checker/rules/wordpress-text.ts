import type { Row } from '../raw/row.ts';
import { textOf } from '../raw/row.ts';

/**
 * A long text as `context=view` shows it: paragraphs wrapped, known shortcodes expanded (fidelity §1 T7). A raw state
 * in edit form, known by its `permalink_template`, holds what was typed, so the checker renders it itself.
 */
export function viewText(product: Row, field: 'description' | 'short_description'): string {
  const given = textOf(product[field]);
  return product['permalink_template'] === undefined ? given : rendered(given);
}

const OPENS_BLOCK =
  /^<\/?(?:p|div|ul|ol|li|table|thead|tbody|tr|td|th|h[1-6]|blockquote|pre|form|style|figure|section|hr)\b/i;

function rendered(typed: string): string {
  return expanded(typed)
    .split(/(?:\r\n?|\n)[^\S\r\n]*(?:\r\n?|\n)\s*/)
    .map((paragraph) => paragraph.trim())
    .filter((paragraph) => paragraph !== '')
    .map((paragraph) => {
      if (OPENS_BLOCK.test(paragraph)) return paragraph;
      return `<p>${paragraph.replace(/\r\n?|\n/g, '<br>')}</p>`;
    })
    .join('\n');
}

/** The two shortcodes of WordPress itself; others belong to plugins. */
function expanded(typed: string): string {
  return typed
    .replace(/\[gallery ids="([\d,]+)"\]/g, (_, ids: string) => gallery(ids.split(',')))
    .replace(/\[caption[^\]]*\]([\s\S]*?)\[\/caption\]/g, '<div>$1</div>');
}

function gallery(ids: readonly string[]): string {
  const items = ids.map((id) => `<dl><dt><a href="?attachment_id=${id}"></a></dt></dl>`);
  return `<style>#gallery-1 {margin: auto;}</style><div>${items.join('')}</div>`;
}
