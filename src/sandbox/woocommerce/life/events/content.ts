import { anyOf } from '../../../shared/life/life.ts';
import type { ArticleKind } from '../../resources/wordpress/article-wire.ts';
import type { ArticleRow } from '../../store/content-rows.ts';
import type { Shop } from '../../store/shop.ts';
import type { ShopHappening, ShopScene } from '../scene.ts';
import { freshCode, idOf, someText } from '../scene.ts';

/** Pages that the shop's own software needs (basket, till …): nobody edits or deletes those. */
function ownPages(shop: Shop): Set<number> {
  const settings = { ...shop.settings['products'], ...shop.settings['advanced'] };
  return new Set(
    Object.entries(settings).flatMap(([name, value]) => (name.endsWith('_page_id') ? [Number(value)] : [])),
  );
}

const shown = (row: ArticleRow): boolean => row.status === 'publish';
const trashed = (row: ArticleRow): boolean => row.status === 'trash';

function articleEvents(kind: ArticleKind, one: 'post' | 'page'): ShopHappening[] {
  const path = `/wp/v2/${kind}`;
  const each = (
    name: string,
    weight: number,
    fits: (row: ArticleRow) => boolean,
    change: (scene: ShopScene, row: ArticleRow) => void,
  ): ShopHappening => ({
    kind: `${one}.${name}`,
    weight,
    happen: (scene) => {
      const own = ownPages(scene.shop);
      const row = anyOf(scene.random, scene.shop[kind], (article) => fits(article) && !own.has(article.id));
      if (row === null) return null;
      change(scene, row);
      return [`${one} ${row.id}`];
    },
  });
  return [
    {
      kind: `${one}.create`,
      weight: 0.8,
      happen: (scene) => {
        const title = `Of late no. ${freshCode(scene)}`;
        return [`${one} ${idOf(scene.api.create(path, { title, content: someText(scene), status: 'publish' }))}`];
      },
    },
    each('edit', 2, shown, (scene, row) => void scene.api.update(path, row.id, { content: someText(scene) })),
    each('trash', 0.4, shown, ({ api }, row) => void api.remove(path, row.id, false)),
    each('restore', 0.4, trashed, ({ api }, row) => void api.update(path, row.id, { status: 'publish' })),
    each(
      'delete',
      0.3,
      () => true,
      ({ api }, row) => void api.remove(path, row.id, true),
    ),
  ];
}

export const contentEvents: ShopHappening[] = [...articleEvents('posts', 'post'), ...articleEvents('pages', 'page')];
