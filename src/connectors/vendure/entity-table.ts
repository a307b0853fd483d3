import { z } from 'zod';
import { brandRow } from './catalog/brand-row.ts';
import { collectionRow } from './catalog/collection-row.ts';
import type { EntityRow } from './entity-row.ts';
import type { ListRoot, Lists } from './lists.ts';
import { movedOrdersLook, stampedLook } from './looks.ts';
import { orderRow } from './orders/order-row.ts';
import { customerRow } from './people/customer-row.ts';
import { groupRow } from './people/group-row.ts';
import type { Place } from './place.ts';
import { productRow } from './products/product-row.ts';
import { promotionRow } from './promotions/promotion-row.ts';
import type { VendureApi } from './vendure-api.ts';
import { id } from './wire/fields.ts';

const VARIANTS: ListRoot = {
  list: 'productVariants',
  options: 'ProductVariantListOptions',
  item: 'productVariant',
};
const variantSchema = z.looseObject({ productId: id });
const soldSchema = z.looseObject({
  lines: z.array(z.looseObject({ productVariant: z.looseObject({ productId: id }) })),
});
const boughtSchema = z.looseObject({ customer: z.looseObject({ id }).nullable() });
const orderSchema = z.looseObject({ id });

/** What is read from a Vendure shop, one row for each entity, and where else the changes of each show. */
export function entityTable(api: VendureApi, lists: Lists, place: Place): readonly EntityRow[] {
  return [
    collectionRow(place),
    brandRow(),
    productRow(place, [
      // A price or a stock level that somebody set stamps the variant alone,
      stampedLook(lists, VARIANTS, 'variants', 'productId', (row) => [variantSchema.parse(row).productId]),
      // and what an order takes or gives back stamps neither.
      movedOrdersLook(lists, 'sold', 'lines { productVariant { productId } }', (row) =>
        soldSchema.parse(row).lines.map(({ productVariant }) => productVariant.productId),
      ),
    ]),
    groupRow(),
    customerRow([
      // An address that was given with an order does not stamp the account.
      movedOrdersLook(lists, 'buyers', 'customer { id }', (row) => {
        const { customer } = boughtSchema.parse(row);
        return customer === null ? [] : [customer.id];
      }),
    ]),
    orderRow(api, [movedOrdersLook(lists, 'moved', '', (row) => [orderSchema.parse(row).id])]),
    promotionRow(lists),
  ];
}
