import type { Row } from '../raw/row.ts';
import { idOf, rowsOf, textOf } from '../raw/row.ts';
import { cutAtWord, decoded, sameSet, sameText } from '../rules/normalise.ts';
import { categoryIds } from './category-tree.ts';
import type { Context } from './context.ts';
import type { Expected } from './expectation.ts';
import { coreField, holdsAll, ownMetafield } from './expectation.ts';

/** Categories, brand and tags: by the ids that their records have at the target. */
export function expectedBelonging(context: Context, product: Row): Expected {
  const categories = categoryIds(product).flatMap((id) => context.targetId('category', id) ?? []);
  const brands = rowsOf(product['brands']).toSorted((a, b) => idOf(a['id']) - idOf(b['id']));
  const [brand, ...extra] = brands;
  const brandId = brand ? (context.targetId('brand', idOf(brand['id'])) ?? 0) : 0;
  const names = extra.map((row) => decoded(textOf(row['name'])));
  const tags = rowsOf(product['tags']).map((row) => decoded(textOf(row['name'])));
  const metafield = ownMetafield({
    scope: 'product-metafields',
    key: /brand/,
    rule: 'ADJUSTED extra-brand-dropped',
    source: names,
    expected: names.join(', '),
    agrees: holdsAll(names),
  });
  return {
    fields: [
      coreField({
        field: 'categories',
        rule: 'EXACT §4 categories (N7)',
        source: categoryIds(product),
        expected: categories,
        agrees: sameSet,
      }),
      coreField({ field: 'brand_id', rule: 'EXACT §4 brands', source: brand?.['id'] ?? null, expected: brandId }),
      coreField({
        field: 'search_keywords',
        rule: 'ADJUSTED tags-as-search-keywords',
        source: tags,
        expected: cutAtWord(tags.join(','), 65_535),
        agrees: sameKeywords,
      }),
      ...(names.length > 0 ? [metafield] : []),
    ],
    adjusted: [
      ...(names.length > 0 ? ['extra-brand-dropped'] : []),
      ...(tags.length > 0 ? ['tags-as-search-keywords'] : []),
    ],
  };
}

function sameKeywords(expected: string, actual: unknown): boolean {
  return sameText(withoutBlanks(expected), withoutBlanks(textOf(actual)));
}

function withoutBlanks(list: string): string {
  return list.replace(/\s*,\s*/g, ',');
}
