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

function urlTable({ shop, keys, shopPath, targetPath }: Context): Map<string, string> {
  const table = new Map<string, string>();
  const groups = [
    ['category', shop.categories],
    ['brand', shop.brands],
    ['product', shop.products],
  ] as const;
  for (const [entity, rows] of groups) {
    for (const row of rows) {
      const old = shopPath(textOf(row['permalink']));
      // Where more than one path is right, links lead to the one that the record has.
      const path = targetPath(entity, idOf(row['id'])) ?? keys.path(entity, idOf(row['id']))?.shown;
      if (old !== null && path !== undefined && !old.includes('?')) table.set(pathForm(old), pathForm(path));
    }
  }
  return table;
}
