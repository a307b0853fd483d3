import { z } from 'zod';
import { tidyText } from '../../../canonical/plain-text.ts';
import { compareSourceIds } from '../../../domain/entity.ts';
import { latest } from '../../walks/instants.ts';
import { rowId } from '../../walks/row-list.ts';
import type { EntityRow, Look } from '../entity-row.ts';
import type { ListRoot } from '../lists.ts';
import type { Place } from '../place.ts';
import { id, instant, text } from '../wire/fields.ts';
import { readRows, unnamed } from '../wire/read-row.ts';
import { productRecords } from './product-mapping.ts';
import { productFields, productSchema } from './product-schema.ts';

const ROOT: ListRoot = { list: 'products', options: 'ProductListOptions', item: 'product' };

const scanSchema = z.looseObject({
  id,
  name: text,
  slug: text,
  updatedAt: instant,
  optionGroups: z.array(z.unknown()),
  variants: z.array(z.looseObject({ id, sku: text, updatedAt: instant })),
});

/** @param looks where a product's changes show that do not stamp it: its variants, and orders that move its stock */
export function productRow(place: Place, looks: readonly Look[]): EntityRow {
  return {
    entity: 'product',
    brings: ['stock'],
    modifiedFilter: true,
    pageSize: 100,
    root: ROOT,
    filter: () => ({}),
    fields: productFields,
    scanFields: 'id name slug updatedAt optionGroups { id } variants { id sku updatedAt }',
    looks,
    read(rows, facts) {
      const { good, unreadable } = readRows('product', productSchema, rows);
      return Promise.resolve({ records: good.flatMap((row) => productRecords(row, { facts, place })), unreadable });
    },
    keys: (rows) =>
      rows.map((row) => {
        const parsed = scanSchema.safeParse(row);
        // A row that cannot be read claims no keys; the copy makes a dead letter of it.
        if (!parsed.success) return unnamed(rowId(row));
        const { id: sourceId, name, slug, optionGroups } = parsed.data;
        const variants = parsed.data.variants.toSorted((a, b) => compareSourceIds(a.id, b.id));
        const isSimple = optionGroups.length === 0 && variants.length === 1;
        return {
          sourceId,
          name: tidyText(name),
          sku: isSimple ? tidyText(variants[0]?.sku ?? '') : '',
          slug,
          parent: null,
          modifiedAt: latest([parsed.data.updatedAt, ...variants.map(({ updatedAt }) => updatedAt)]),
          children: isSimple ? [] : variants.map((one) => ({ sourceId: one.id, sku: tidyText(one.sku) })),
        };
      }),
  };
}
