import { z } from 'zod';
import { chunks } from '../../../domain/chunks.ts';
import { walkAll } from '../../walks/whole-walk.ts';
import type { ListRoot, Lists } from '../lists.ts';
import { PLACED } from '../looks.ts';
import { id } from '../wire/fields.ts';
import type { ProductOf } from './promotion-rules.ts';
import { idsArgument, type WirePromotion } from './promotion-schema.ts';

const VARIANTS: ListRoot = {
  list: 'productVariants',
  options: 'ProductVariantListOptions',
  item: 'productVariant',
};
const ORDERS: ListRoot = { list: 'orders', options: 'OrderListOptions', item: 'order' };
const MOST_VARIANTS = 100;
const MOST_ORDERS = 500;

const variantSchema = z.looseObject({ id, productId: id });

/** The products of the variants that discounts name. */
export async function loadProducts(
  lists: Lists,
  promotions: readonly WirePromotion[],
  signal: AbortSignal,
): Promise<ProductOf> {
  const named = promotions
    .flatMap(({ actions }) => actions)
    .flatMap((action) => idsArgument(action, 'productVariantIds') ?? []);
  const productOf = new Map<string, string>();
  for (const some of chunks([...new Set(named)], lists.most(MOST_VARIANTS))) {
    const asked = { fields: 'id productId', filter: { id: { in: some } }, skip: 0, take: some.length, signal };
    for (const row of (await lists.page(VARIANTS, asked)).rows) {
      const variant = variantSchema.parse(row);
      productOf.set(variant.id, variant.productId);
    }
  }
  return productOf;
}

const usedSchema = z.looseObject({ promotions: z.array(z.looseObject({ id })) });

/**
 * How often promotions with a limit were used: the API does not tell, but placed orders name theirs, and the server counts the same way,
 * cancelled ones left out. A walk over all orders, and only where some promotion has a limit.
 */
export async function countUses(
  lists: Lists,
  promotions: readonly WirePromotion[],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, number>> {
  const uses = new Map<string, number>();
  const limited = promotions.filter(({ usageLimit }) => typeof usageLimit === 'number');
  if (limited.length === 0) return uses;
  for (const promotion of limited) uses.set(promotion.id, 0);
  const asked = { fields: 'id promotions { id }', filter: { ...PLACED, state: { notEq: 'Cancelled' } }, signal };
  const list = (skip: number) => lists.page(ORDERS, { ...asked, skip, take: MOST_ORDERS });
  for await (const rows of walkAll(list, lists.most(MOST_ORDERS))) {
    for (const row of rows) {
      for (const used of new Set(usedSchema.parse(row).promotions.map((one) => one.id))) {
        const count = uses.get(used);
        if (count !== undefined) uses.set(used, count + 1);
      }
    }
  }
  return uses;
}
