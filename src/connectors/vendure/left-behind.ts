import { type StoreReport, tallyOf } from '../../domain/assessment.ts';
import { mayNotRead } from '../http/failures.ts';
import { rowId } from '../walks/row-list.ts';
import type { Filter, ListRoot, Lists } from './lists.ts';
import type { ShopFacts } from './shop-facts.ts';

const SAMPLES = 5;

const root = (list: string, options: string): ListRoot => ({ list, options, item: '' });

/** Lists of what the shop has beside its records, the key that tells of each, and from how many on. */
const LISTS: readonly {
  readonly key: string;
  readonly from: ListRoot;
  readonly filter?: Filter;
  readonly least?: number;
}[] = [
  { key: 'tax-rates', from: root('taxRates', 'TaxRateListOptions') },
  { key: 'shipping-setup', from: root('shippingMethods', 'ShippingMethodListOptions') },
  { key: 'payment-setup', from: root('paymentMethods', 'PaymentMethodListOptions') },
  { key: 'media-library', from: root('assets', 'AssetListOptions') },
  { key: 'stock-locations', from: root('stockLocations', 'StockLocationListOptions'), least: 2 },
  // Carts, drafts, and what was cancelled before it was placed.
  {
    key: 'draft-orders-skipped',
    from: root('orders', 'OrderListOptions'),
    filter: { orderPlacedAt: { isNull: true } },
  },
  {
    key: 'automatic-promotions',
    from: root('promotions', 'PromotionListOptions'),
    filter: { _or: [{ couponCode: { isNull: true } }, { couponCode: { eq: '' } }] },
  },
];

/** True of every shop of this platform, whatever is in it. */
const ALWAYS = ['old-slugs-unknown', 'media-urls', 'store-settings', 'theme-content'] as const;

/** What the shop as a whole has and no record carries, once with its count. A part that cannot be read is named all the same. */
export async function leftBehind(lists: Lists, facts: ShopFacts, signal: AbortSignal): Promise<readonly StoreReport[]> {
  const looks = await Promise.all(
    LISTS.map(async ({ key, from, filter = {}, least = 1 }): Promise<StoreReport> => {
      try {
        const { rows, total } = await lists.page(from, { fields: 'id', filter, skip: 0, take: SAMPLES, signal });
        const count = total ?? rows.length;
        return { key, count: count < least ? 0 : count, samples: rows.map(rowId) };
      } catch (error) {
        if (!mayNotRead(error) || error.kind === 'credentials-rejected') throw error;
        return { key, count: 1, samples: ['not readable with these credentials'] };
      }
    }),
  );
  const languages = facts.languages.filter((code) => code !== facts.language);
  const currencies = facts.currencies.filter((code) => code !== facts.currency);
  const reports: StoreReport[] = [
    ...looks,
    { key: 'language-unmapped', ...tallyOf(languages) },
    { key: 'extra-currency-prices', ...tallyOf(currencies) },
    ...ALWAYS.map((key) => ({ key, count: 1, samples: [] })),
  ];
  return reports.filter(({ count }) => count > 0);
}
