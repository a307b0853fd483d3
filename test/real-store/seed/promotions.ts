import { inEnglish, operation, type SeedBench } from './bench.ts';
import type { Facets } from './facets.ts';
import type { SeededProduct } from './products.ts';

export interface Promotions {
  /** Codes that a shopper may use on any order, each as often as they like. */
  readonly codes: readonly string[];
}

interface PromotionPlan {
  readonly name: string;
  readonly couponCode?: string;
  readonly actions: readonly object[];
  readonly conditions?: readonly object[];
  readonly startsAt?: string;
  readonly endsAt?: string;
  readonly usageLimit?: number;
  readonly perCustomerUsageLimit?: number;
  readonly enabled?: boolean;
}

interface Around {
  readonly facets: Facets;
  readonly products: readonly SeededProduct[];
  readonly groups: readonly string[];
}

const percent = (discount: number): object => operation('order_percentage_discount', { discount });
const fixed = (discount: number): object => operation('order_fixed_discount', { discount });
const from = (amount: number): object => operation('minimum_order_amount', { amount, taxInclusive: false });

/** Promotions with codes of every kind, and some that work by themselves. */
export async function seedPromotions({ admin, random, size }: SeedBench, around: Around): Promise<Promotions> {
  const plans = [...handMade(around)];
  while (plans.length < size.promotions + 2) {
    const number = plans.length + 1;
    const action = random.chance(0.6) ? percent(random.int(1, 40)) : fixed(random.int(1, 20) * 50);
    plans.push({ name: `Voucher ${number}`, couponCode: `VOUCHER-${number}`, actions: [action], conditions: [] });
  }
  for (const { name, actions, conditions = [], enabled = true, ...rest } of plans) {
    const translations = [{ ...inEnglish(name)[0], description: '' }];
    await admin.ask(
      `mutation ($input: CreatePromotionInput!) {
        createPromotion(input: $input) { __typename ... on ErrorResult { errorCode message } }
      }`,
      { input: { enabled, translations, conditions, actions, ...rest } },
    );
  }
  const free = plans.filter(({ name }) => name.startsWith('Voucher'));
  return { codes: ['TEN', 'FIVE-OFF', 'SHIP-FREE', ...free.flatMap(({ couponCode }) => couponCode ?? [])] };
}

function handMade({ facets, products, groups }: Around): PromotionPlan[] {
  const goods = products.find(({ variants }) => variants.length > 2)?.variants.map(({ id }) => id) ?? [];
  const facetDiscount = operation('facet_based_discount', { discount: 15, facets: facets.brands.slice(0, 2) });
  return [
    { name: 'Ten percent', couponCode: 'TEN', actions: [percent(10)] },
    { name: 'Five dollars', couponCode: 'FIVE-OFF', actions: [fixed(500)] },
    { name: 'Free shipping', couponCode: 'SHIP-FREE', actions: [operation('free_shipping')] },
    {
      name: 'Big orders, in a window',
      couponCode: 'BIG-12',
      actions: [percent(12.5)],
      conditions: [from(5_000)],
      startsAt: '2025-01-01T00:00:00.000Z',
      endsAt: '2035-01-01T00:00:00.000Z',
      usageLimit: 100,
      perCustomerUsageLimit: 1,
    },
    { name: 'Long over', couponCode: 'GONE', actions: [fixed(300)], endsAt: '2025-06-01T00:00:00.000Z' },
    { name: 'Switched off', couponCode: 'OFF', actions: [percent(5)], enabled: false },
    { name: 'Of two brands', couponCode: 'brands & more!', actions: [facetDiscount] },
    {
      name: 'For the trade only, two things at once',
      couponCode: 'TRADE',
      actions: [percent(20), operation('free_shipping')],
      conditions: [operation('customer_group', { customerGroupId: groups[0] ?? '' })],
    },
    {
      name: 'These goods',
      couponCode: 'GOODS',
      actions: [operation('products_percentage_discount', { discount: 30, productVariantIds: goods })],
    },
    // Without a code: they belong to the shop's running, not to its coupons.
    { name: 'From two thousand dollars on', actions: [percent(3)], conditions: [from(200_000)] },
    {
      name: 'Three for two',
      actions: [operation('buy_x_get_y_free')],
      conditions: [operation('buy_x_get_y_free', { amountX: 2, variantIdsX: goods, amountY: 1, variantIdsY: goods })],
    },
  ];
}
