import { anyOf } from '../../../shared/life/life.ts';
import type { MetaRow } from '../../store/rows.ts';
import { newMeta } from '../../store/shop.ts';
import type { SilentKind } from '../../store/silent.ts';
import { writeSilently } from '../../store/silent.ts';
import type { ShopHappening, ShopScene } from '../scene.ts';
import { amount } from '../scene.ts';

/** What plugins and imports write past the shop: no stamp moves, no webhook fires (source-apis §1.4). */
function silent<Row extends { id: number }>(
  kind: SilentKind,
  what: string,
  weight: number,
  tableOf: (scene: ShopScene) => ReadonlyMap<number, Row>,
  fits: (row: Row) => boolean,
  fieldsOf: (scene: ShopScene, row: Row) => Record<string, unknown>,
): ShopHappening {
  return {
    kind: `silent.${kind}-${what}`,
    weight,
    happen: (scene) => {
      const row = anyOf(scene.random, tableOf(scene), fits);
      if (row === null) return null;
      writeSilently(scene.shop, kind, row.id, fieldsOf(scene, row));
      return [`${kind} ${row.id}`];
    },
  };
}

function withMeta(held: readonly MetaRow[], key: string, made: MetaRow): MetaRow[] {
  return [...held.filter((row) => row.key !== key), made];
}

const rank = ({ shop, random }: ShopScene, meta: readonly MetaRow[], table: 'meta' | 'orderMeta' | 'userMeta') => ({
  meta: withMeta(meta, 'feed_rank', newMeta(shop, 'feed_rank', String(random.int(1, 9_999)), table)),
});

export const silentEvents: ShopHappening[] = [
  silent(
    'product',
    'price',
    1.5,
    ({ shop }) => shop.products,
    (row) => row.status !== 'trash' && row.type === 'simple' && row.regularPrice !== '',
    (scene) => ({ regularPrice: amount(scene, 2, 200), salePrice: '' }),
  ),
  silent(
    'product',
    'metadata',
    1.5,
    ({ shop }) => shop.products,
    (row) => row.status !== 'trash',
    (scene, row) => rank(scene, row.meta, 'meta'),
  ),
  silent(
    'variation',
    'price',
    0.7,
    ({ shop }) => shop.variations,
    (row) => row.status !== 'trash' && row.regularPrice !== '',
    (scene) => ({ regularPrice: amount(scene, 2, 200), salePrice: '' }),
  ),
  silent(
    'order',
    'metadata',
    1,
    ({ shop }) => shop.orders,
    (row) => row.status !== 'trash',
    (scene, row) => rank(scene, row.meta, 'orderMeta'),
  ),
  silent(
    'customer',
    'metadata',
    0.7,
    ({ shop }) => shop.customers,
    (row) => row.role === 'customer',
    (scene, row) => rank(scene, row.meta, 'userMeta'),
  ),
  silent(
    'post',
    'text',
    0.4,
    ({ shop }) => shop.posts,
    (row) => row.status === 'publish',
    ({ random }) => ({ content: `<p>Put in by a plugin, ${random.int(1, 9_999)}.</p>` }),
  ),
];
