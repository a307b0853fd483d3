import { idOf, textOf } from '../raw/row.ts';
import type { LinkForm } from '../rules/html.ts';
import { pathForm } from '../rules/paths.ts';
import type { Context } from './context.ts';

/**
 * Links to the shop itself, reduced to their paths on both sides: the same page, whether the host was rewritten yet
 * or not. Whether they were rewritten is a question of its own (scope `links`).
 */
export function shopLinks(context: Context): LinkForm {
  return (href) => context.shopPath(href.trim()) ?? href.trim();
}

/** What a link of the source means at the target: the page that is there now, without a host. */
export function newPages(context: Context): LinkForm {
  const table = urlTable(context);
  return (href) => {
    const path = context.shopPath(href.trim());
    const plain = path?.replace(/[?#].*$/, '') ?? '';
    return path === null ? href.trim() : (table.get(plain) ?? plain) + path.slice(plain.length);
  };
}

/** Links to addresses of records that are carried point to their new paths, without a host (fidelity §3). */
export function rewrittenLinks(context: Context): LinkForm {
  const table = urlTable(context);
  return (href) => {
    const path = context.shopPath(href.trim());
    const plain = path?.replace(/[?#].*$/, '') ?? '';
    const found = table.get(plain);
    return path !== null && found !== undefined ? found + path.slice(plain.length) : href.trim();
  };
}

/** A root-relative address in the form of the URL table; others as they are. */
export function pathOrHref(context: Context, href: string): string {
  return href.startsWith('/') && !href.startsWith('//') ? (context.shopPath(href) ?? href) : href.trim();
}

/** Made once for a comparison: each record with texts asks for it. */
const tables = new WeakMap<Context, ReadonlyMap<string, string>>();

function urlTable(context: Context): ReadonlyMap<string, string> {
  const known = tables.get(context) ?? makeUrlTable(context);
  tables.set(context, known);
  return known;
}

function makeUrlTable({ shop, shopPath, targetPath, redirectedTo }: Context): ReadonlyMap<string, string> {
  const table = new Map<string, string>();
  const groups = [
    ['category', shop.categories],
    ['brand', shop.brands],
    ['product', shop.products],
  ] as const;
  for (const [entity, rows] of groups) {
    for (const row of rows) {
      const old = shopPath(textOf(row['permalink']));
      // Links to what is not there stay as they are.
      const path = targetPath(entity, idOf(row['id']));
      if (old !== null && path !== undefined && !old.includes('?')) table.set(pathForm(old), pathForm(path));
    }
  }
  for (const row of [...shop.posts, ...shop.pages]) {
    const old = textOf(row['status']) === 'publish' ? shopPath(textOf(row['link'])) : null;
    const path = old === null ? undefined : redirectedTo(pathForm(old));
    if (old !== null && path !== undefined) table.set(pathForm(old), path);
  }
  return table;
}
