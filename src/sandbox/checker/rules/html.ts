import type { DefaultTreeAdapterTypes } from 'parse5';
import { parseFragment } from 'parse5';
import { plain } from './normalise.ts';

type Node = DefaultTreeAdapterTypes.ChildNode;

/** HTML as N6 compares it: its text, and its tags with the attributes that matter. */
export interface HtmlForm {
  text: string;
  tags: string[];
}

/** What one link address means; two addresses are equal when this is. */
export type LinkForm = (href: string) => string;

interface Reading {
  link: LinkForm;
  /** The source side first passes §3: scripts, handlers and `javascript:` links are gone. */
  sanitise: boolean;
}

const ASIS: LinkForm = (href) => href.trim();

/** The target's HTML, taken as it is. */
export function targetForm(html: string, link: LinkForm = ASIS): HtmlForm {
  return read(withoutBareShortcodes(html), { link, sanitise: false });
}

/** The source's HTML after the removals of fidelity §3. */
export function sourceForm(html: string, link: LinkForm = ASIS): HtmlForm {
  return read(withoutBareShortcodes(withoutShortcodes(html)), { link, sanitise: true });
}

export function joined(...forms: readonly HtmlForm[]): HtmlForm {
  return { text: plain(forms.map((form) => form.text).join(' ')), tags: forms.flatMap((form) => form.tags) };
}

export function sameForm(a: HtmlForm, b: HtmlForm): boolean {
  return a.text === b.text && sameTags(a.tags, b.tags);
}

/** Whether `whole` begins with `head`; what follows is returned, null when it does not. */
export function after(head: HtmlForm, whole: HtmlForm): HtmlForm | null {
  const begins = whole.text.startsWith(head.text) && head.tags.every((tag, at) => tag === whole.tags[at]);
  if (!begins) return null;
  return { text: whole.text.slice(head.text.length).trim(), tags: whole.tags.slice(head.tags.length) };
}

/** Addresses of its links, in order. */
export function linksOf(form: HtmlForm): string[] {
  return form.tags.flatMap((tag) => /^a href=(\S*)/.exec(tag)?.[1] ?? []);
}

export function shownForm(form: HtmlForm): string {
  return `${form.text} ${form.tags.map((tag) => `<${tag}>`).join('')}`.trim();
}

/** What must never reach the target: scripts, objects, handlers, `javascript:` links (fidelity §3 "HTML"). */
export function unsafeParts(html: string): string[] {
  const found: string[] = [];
  walk(parseFragment(html).childNodes, (node) => {
    if (!('tagName' in node)) return true;
    if (FORBIDDEN.has(node.tagName)) found.push(node.tagName);
    for (const { name, value } of node.attrs) if (name.startsWith('on') || isScriptLink(value)) found.push(name);
    return true;
  });
  return found;
}

const FORBIDDEN = new Set(['script', 'object']);
const BLOCKS = new Set(
  'address,article,aside,blockquote,br,caption,dd,div,dl,dt,fieldset,figcaption,figure,footer,form,h1,h2,h3,h4,h5,h6,header,hr,li,main,nav,ol,p,pre,section,style,table,tbody,td,tfoot,th,thead,tr,ul,video'.split(
    ',',
  ),
);

function read(html: string, reading: Reading): HtmlForm {
  const form: HtmlForm = { text: '', tags: [] };
  const visit = (nodes: readonly Node[]): void => {
    for (const node of nodes) {
      if (node.nodeName === '#text' && 'value' in node) form.text += node.value;
      if (!('tagName' in node)) continue;
      if (reading.sanitise && FORBIDDEN.has(node.tagName)) continue;
      const tag = tagForm(node, reading);
      if (tag) form.tags.push(tag);
      // Where a block begins or ends there is a break in the text, whether a line end was typed or not.
      const gap = BLOCKS.has(node.tagName) ? ' ' : '';
      form.text += gap;
      visit(node.nodeName === 'template' && 'content' in node ? node.content.childNodes : node.childNodes);
      form.text += gap;
    }
  };
  visit(parseFragment(html).childNodes);
  return { text: plain(form.text), tags: form.tags };
}

/** Tag with address, picture and alternative text. A link without an address is no tag: removing one may leave either. */
function tagForm(node: DefaultTreeAdapterTypes.Element, { link, sanitise }: Reading): string | null {
  const value = (name: string): string => node.attrs.find((attr) => attr.name === name)?.value ?? '';
  const address = (name: string): string => (sanitise && isScriptLink(value(name)) ? '' : link(value(name)));
  const [href, src, alt] = [address('href'), address('src'), plain(value('alt'))];
  if (node.tagName === 'a' && href === '') return null;
  const parts = [href && `href=${href}`, src && `src=${src}`, alt && `alt=${alt}`].filter(Boolean);
  return [node.tagName, ...parts].join(' ');
}

function isScriptLink(value: string): boolean {
  return value.trimStart().toLowerCase().startsWith('javascript:');
}

function sameTags(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((tag, at) => tag === b[at]);
}

function walk(nodes: readonly Node[], visit: (node: Node) => boolean): void {
  for (const node of nodes) if (visit(node) && 'childNodes' in node) walk(node.childNodes, visit);
}

const SHORTCODE = /\[(\/?)([a-z][\w-]*)(\s[^[\]]*?)?(\/?)\]/gi;

/** Tags of plugins that are gone are removed, the text that they enclose stays (fidelity §3 "HTML"). */
function withoutShortcodes(html: string): string {
  const closed = new Set([...html.matchAll(/\[\/([a-z][\w-]*)\]/gi)].map(([, name]) => name?.toLowerCase()));
  return html.replace(SHORTCODE, (whole, closing: string, name: string, attributes = '', own: string) => {
    const certain = closing !== '' || own !== '' || attributes.includes('=') || closed.has(name.toLowerCase());
    return certain ? '' : whole;
  });
}

/** `[word]` may be a shortcode or a word in brackets: nobody can tell, so it is taken out of both sides. */
function withoutBareShortcodes(html: string): string {
  return html.replace(SHORTCODE, '');
}

export function hasShortcodes(html: string): boolean {
  return withoutShortcodes(html) !== html;
}
