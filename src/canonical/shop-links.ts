import type { Json } from '../domain/json.ts';
import { isElement, parseHtml, walk, writeHtml } from './html-tree.ts';
import { comparablePath } from './slug-path.ts';

/**
 * Links inside HTML that lead to the shop itself (fidelity §3): absolute ones to its host, and those from the root. What is
 * relative to the page is not ours to guess.
 */
function shopLink(href: string, shop: URL): { readonly path: string; readonly rest: string } | null {
  const text = href.trim();
  if (!/^(?:https?:)?\/\/|^\//i.test(text) || !URL.canParse(text, shop.href)) return null;
  const url = new URL(text, shop);
  return url.host === shop.host ? { path: comparablePath(url.pathname), rest: url.search + url.hash } : null;
}

const HAS_LINKS = /\bhref\s*=/i;

/** Where all HTML in a record leads to within the shop, each path once, in form N11. */
export function shopPathsIn(value: unknown, shopUrl: string): readonly string[] {
  const shop = new URL(shopUrl);
  const paths = new Set<string>();
  const look = (one: unknown): void => {
    if (typeof one === 'string') {
      if (HAS_LINKS.test(one)) withHrefs(one, (href) => void paths.add(shopLink(href, shop)?.path ?? '/'));
    } else if (typeof one === 'object' && one !== null) Object.values(one).forEach(look);
  };
  look(value);
  paths.delete('/');
  return [...paths];
}

/** The same HTML with links that lead elsewhere now; as it was, character by character, where none does. */
export function withNewLinks(
  html: string,
  shopUrl: string,
  addressOf: (path: string) => string | null,
): { readonly html: string; readonly rewritten: number } {
  if (!HAS_LINKS.test(html)) return { html, rewritten: 0 };
  const shop = new URL(shopUrl);
  let rewritten = 0;
  const written = withHrefs(html, (href) => {
    const link = shopLink(href, shop);
    const address = link === null ? null : addressOf(link.path);
    if (link === null || address === null || href === address + link.rest) return;
    rewritten += 1;
    return address + link.rest;
  });
  return rewritten === 0 ? { html, rewritten } : { html: written, rewritten };
}

/** The same record with every link to the shop as a path in form N11, so that nothing depends on where it leads by now. */
export function withPlainLinks(value: Json, shopUrl: string): Json {
  if (typeof value === 'string') return withNewLinks(value, shopUrl, (path) => path).html;
  if (Array.isArray(value)) return value.map((one) => withPlainLinks(one, shopUrl));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, withPlainLinks(one, shopUrl)]));
}

/** @param replace what stands instead of an address; nothing to leave it */
function withHrefs(html: string, replace: (href: string) => string | void): string {
  const root = parseHtml(html);
  walk(root, (node) => {
    if (!isElement(node)) return;
    for (const attribute of node.attrs) {
      if (attribute.name.toLowerCase() === 'href') attribute.value = replace(attribute.value) ?? attribute.value;
    }
  });
  return writeHtml(root);
}
