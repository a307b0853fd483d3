import { isElement, isText, parseHtml, walk, writeHtml } from './html-tree.ts';
import type { HtmlText } from './html-tree.ts';

/** `[name …]`, `[name …/]`, `[/name]`; a name starts with a letter. */
const TAG = /\[(\/?)([A-Za-z][\w-]*)(\s[^[\]]*)?\/?\]/g;
/** Text in them is shown as it stands. */
const LITERAL_TAGS = new Set(['script', 'style', 'textarea']);

/**
 * Removes the leftover tags of missing plugins and keeps the text that they enclose (fidelity §3). Brackets are also a
 * writer's own (`[sic]`, `[see page 3]`): a tag is taken for a shortcode only when it has `name=value` attributes, a
 * closing partner, or a name with a hyphen or underscore.
 */
export function removeShortcodes(html: string): { html: string; removed: boolean } {
  if (!html.includes('[')) return { html, removed: false };
  const root = parseHtml(html);
  const texts: HtmlText[] = [];
  let literal = 0;
  walk(
    root,
    (node) => {
      if (isText(node) && literal === 0) texts.push(node);
      if (isElement(node) && LITERAL_TAGS.has(node.tagName)) literal += 1;
    },
    (node) => {
      if (isElement(node) && LITERAL_TAGS.has(node.tagName)) literal -= 1;
    },
  );
  const paired = pairedNames(texts);
  let removed = false;
  for (const text of texts) {
    const rest = text.value.replace(TAG, (tag: string, _slash: string, name: string, more: string | undefined) => {
      if (!paired.has(name) && !/[-_]/.test(name) && !(more ?? '').includes('=')) return tag;
      removed = true;
      return '';
    });
    text.value = rest;
  }
  return removed ? { html: writeHtml(root), removed } : { html, removed };
}

/** Names that are both opened and closed, in whatever text nodes. */
function pairedNames(texts: readonly HtmlText[]): Set<string> {
  const opened = new Set<string>();
  const closed = new Set<string>();
  for (const text of texts) {
    for (const [, slash, name] of text.value.matchAll(TAG)) {
      if (name !== undefined) (slash === '/' ? closed : opened).add(name);
    }
  }
  return new Set([...closed].filter((name) => opened.has(name)));
}
