import { isElement, isText, parseHtml, removeElements, walk, writeHtml } from './html-tree.ts';
import type { HtmlElement } from './html-tree.ts';
import { comparableText } from './plain-text.ts';
import { removeShortcodes } from './shortcodes.ts';

const REMOVED_TAGS = new Set(['script', 'object']);
const LINK_ATTRIBUTES = new Set(['href', 'src', 'action', 'formaction', 'data', 'xlink:href']);
/** Their text is not shown; a gallery's style block holds generated ids (fidelity N6). */
const SILENT_TAGS = new Set(['script', 'style', 'template']);
const COMPARED_ATTRIBUTES = ['href', 'src', 'alt'] as const;
const BLOCKS = new Set(
  (
    'address article aside blockquote br caption center dd details div dl dt fieldset figcaption figure footer form h1 h2 ' +
    'h3 h4 h5 h6 header hr li main nav ol p pre section summary table tbody td tfoot th thead tr ul'
  ).split(' '),
);

/**
 * What may be sent on (fidelity §3): without `script`, `object`, `on*` handlers and `javascript:` links. HTML that holds
 * none of them comes back as it was, character by character.
 */
export function sanitiseHtml(html: string): { html: string; removed: boolean } {
  if (!/<|&/.test(html)) return { html, removed: false };
  const root = parseHtml(html);
  let removed = removeElements(root, (element) => REMOVED_TAGS.has(element.tagName.toLowerCase()));
  walk(root, (node) => {
    if (!isElement(node)) return;
    const kept = node.attrs.filter((attribute) => !isActive(attribute));
    removed += node.attrs.length - kept.length;
    node.attrs = kept;
  });
  return removed > 0 ? { html: writeHtml(root), removed: true } : { html, removed: false };
}

function isActive(attribute: HtmlElement['attrs'][number]): boolean {
  const name = (attribute.prefix === undefined ? '' : `${attribute.prefix}:`) + attribute.name.toLowerCase();
  if (name.startsWith('on')) return true;
  // Browsers skip control characters and blanks inside the scheme.
  // oxlint-disable-next-line no-control-regex
  return LINK_ATTRIBUTES.has(name) && /^javascript:/i.test(attribute.value.replace(/[\u0000-\u0020]/g, ''));
}

/**
 * Comparison form N6: shown text by N1, then the sequence of elements with `href`, `src` and `alt`. Two pieces of HTML
 * mean the same exactly when their forms are equal.
 */
export function htmlForm(html: string): string {
  const root = parseHtml(html);
  const elements: string[] = [];
  walk(root, (node) => {
    if (!isElement(node)) return;
    const shown = COMPARED_ATTRIBUTES.flatMap((name) => {
      const value = node.attrs.find((attribute) => attribute.name === name)?.value;
      return value === undefined ? [] : [`${name}=${comparableText(value)}`];
    });
    elements.push([node.tagName, ...shown].join(' '));
  });
  return `${htmlToText(html)}\n${elements.join('\n')}`;
}

/** `htmlForm` of what is left after §3: the form in which the source side is compared and hashed. */
export function cleanHtmlForm(html: string): string {
  return htmlForm(removeShortcodes(sanitiseHtml(html).html).html);
}

/** The text that a reader sees, in form N1; blocks are set apart by a blank. */
export function htmlToText(html: string): string {
  if (!/[<&]/.test(html)) return comparableText(html);
  const pieces: string[] = [];
  let silent = 0;
  walk(
    parseHtml(html),
    (node) => {
      if (isText(node) && silent === 0) pieces.push(node.value);
      if (!isElement(node)) return;
      if (SILENT_TAGS.has(node.tagName)) silent += 1;
      if (BLOCKS.has(node.tagName)) pieces.push(' ');
    },
    (node) => {
      if (!isElement(node)) return;
      if (SILENT_TAGS.has(node.tagName)) silent -= 1;
      if (BLOCKS.has(node.tagName)) pieces.push(' ');
    },
  );
  return comparableText(pieces.join(''));
}
