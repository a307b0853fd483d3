import type { Row } from './raw/row.ts';
import { idOf, rowOf, textOf } from './raw/row.ts';
import { readableUrl } from './expect/places.ts';
import type { TargetRecord, TargetStore } from './raw/target-store.ts';
import type { ReportBuilder } from './report.ts';
import { pathForm } from './rules/paths.ts';

/** A public address of the source, and what stands for its record at the target (undefined: nothing does). */
export interface OldAddress {
  entity: 'category' | 'brand' | 'product' | 'blog_post' | 'page';
  sourceId: number;
  path: string;
  target: TargetRecord | undefined;
}

const TYPES = { category: 'category', brand: 'brand', product: 'product', blog_post: 'post', page: 'page' } as const;

/** Every public address is its record's own still, or leads there in one step (fidelity §12, §14, P11). */
export function checkRedirects(
  report: ReportBuilder,
  store: TargetStore,
  addresses: readonly OldAddress[],
  places: ReadonlyMap<string, string>,
): void {
  const about = { entity: 'redirect', scope: 'redirect' } as const;
  const redirects = new Map<string, TargetRecord>();
  for (const record of store.redirects) {
    const from = pathForm(textOf(record.row['from_path']));
    if (redirects.has(from))
      report.add('doubled', { ...about, targetId: record.id, field: from, rule: 'one redirect a path' });
    redirects.set(from, record);
  }
  const owned = ownedPaths(store);
  for (const [path, url] of places) {
    if (owned.has(path) || pathForm(url) === path) continue;
    report.count('redirect', 'source');
    const redirect = redirects.get(path);
    if (redirect) report.count('redirect', 'target');
    const target = redirect ? readableUrl(redirect.row['to']) : 'nowhere';
    if (target === url) continue;
    const rule = '§12 pages of the shop’s software, tags and archives';
    report.add(redirect ? 'different' : 'lost', { ...about, field: path, source: path, expected: url, target, rule });
  }
  for (const { entity, sourceId, path, target } of addresses) {
    if (target === undefined && places.has(path)) continue;
    const redirect = redirects.get(path);
    const own = target && ownAddress(target.row) === path;
    if (own && !redirect) continue;
    report.count('redirect', 'source');
    if (redirect) report.count('redirect', 'target');
    const expected = target ? `${TYPES[entity]} ${target.id}` : 'somewhere';
    const to = rowOf(redirect?.row['to']);
    const found = redirect ? `${textOf(to['type'])} ${textOf(to['entity_id']) || textOf(to['url'])}` : 'nowhere';
    const isRight = own ? false : redirect !== undefined && (target === undefined || found === expected);
    if (isRight) continue;
    const rule = own ? '§12 never on a path that a live entity owns' : '§12 url-changed';
    report.add(redirect ? 'different' : 'lost', {
      ...about,
      sourceId,
      field: path,
      source: path,
      expected,
      target: found,
      rule,
    });
  }
  for (const record of store.redirects) {
    const to = rowOf(record.row['to']);
    if (textOf(to['type']) === 'url' || exists(store, textOf(to['type']), idOf(to['entity_id']))) continue;
    const field = textOf(record.row['from_path']);
    const target = `${textOf(to['type'])} ${idOf(to['entity_id'])}`;
    report.add('different', {
      ...about,
      targetId: record.id,
      field,
      expected: 'a live entity',
      target,
      rule: '§14 redirect → live target',
    });
  }
}

/** Where an address of before leads to: the record that has it, or that a redirect from it names. */
export function addressesAfter(store: TargetStore): (path: string) => string | undefined {
  const owned = ownedPaths(store);
  const led = new Map(
    store.redirects.flatMap(({ row }): [string, string][] => {
      const to = rowOf(row['to']);
      const record = held(store, textOf(to['type'])).find(({ id }) => id === idOf(to['entity_id']));
      return record ? [[pathForm(textOf(row['from_path'])), ownAddress(record.row)]] : [];
    }),
  );
  return (path) => (owned.has(path) ? path : led.get(path));
}

function ownedPaths(store: TargetStore): ReadonlySet<string> {
  const records = [store.categories, store.brands, store.products, store.blogPosts, store.pages].flat();
  return new Set(records.map(({ row }) => ownAddress(row)));
}

function ownAddress(row: Row): string {
  return pathForm(textOf(rowOf(row['custom_url'])['url']) || textOf(rowOf(row['url'])['path']) || textOf(row['url']));
}

function exists(store: TargetStore, type: string, id: number): boolean {
  return held(store, type).some((record) => record.id === id);
}

function held(store: TargetStore, type: string): readonly TargetRecord[] {
  const records: Record<string, readonly TargetRecord[]> = {
    category: store.categories,
    brand: store.brands,
    product: store.products,
    post: store.blogPosts,
    page: store.pages,
  };
  return records[type] ?? [];
}
