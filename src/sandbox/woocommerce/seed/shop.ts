import { createClock } from '../../shared/clock.ts';
import { createRandom } from '../../shared/random.ts';
import { createTaxRate } from '../resources/sales/tax-rates.ts';
import type { Shop } from '../store/shop.ts';
import { seedCatalogue } from './catalogue.ts';
import { seedArticles, seedLinks, seedRedirectLoop, seedReviews, seedShopPages, SHOP_PAGES } from './content.ts';
import { seedCoupons } from './coupons.ts';
import { everydayOrder } from './orders.ts';
import { seedCustomers } from './people.ts';
import type { ShopSize } from './sizes.ts';
import { filledSize } from './sizes.ts';
import type { StoreBench } from './store-bench.ts';
import { sellablesOf } from './store-bench.ts';
import { uglyOrders } from './ugly-orders.ts';

/** Currencies that a seed may give the shop, with their decimal places. */
const currencies = { USD: '2', EUR: '2', JPY: '0', KWD: '3' };

export interface ShopSeed extends ShopSize {
  /** Default: the shop's own. JPY has no decimals. */
  currency?: keyof typeof currencies | undefined;
  /** Adds two pictures that redirect to each other. Default false, since they change a product. */
  redirectLoop?: boolean | undefined;
}

/**
 * Fills the shop: the catalogue as `seedCatalogue` makes it, then buyers, coupons, orders with refunds and notes,
 * reviews, posts and pages, the ugly ones first (at most two thirds). One seed and size give one shop at any time.
 */
export function seedShop(shop: Shop, seed: number, given: ShopSeed): Record<string, number> {
  if (given.currency) {
    const settings = {
      woocommerce_currency: given.currency,
      woocommerce_price_num_decimals: currencies[given.currency],
    };
    shop.settings['general'] = { ...shop.settings['general'], ...settings };
  }
  const catalogue = seedCatalogue(shop, seed, given);
  const { clock } = shop;
  const baseMs = Date.UTC(2026, 0, 15, 12);
  // All of it happened before the shop was opened; what makes rows asks the shop for the time.
  shop.clock = createClock();
  shop.clock.freeze(baseMs);
  try {
    const size = filledSize(given);
    const random = createRandom(seed + 7_919);
    const sellables = sellablesOf(shop, baseMs);
    seedStore({ shop, random, baseMs, sellables, customers: [], orders: [] }, size, given.redirectLoop === true);
  } finally {
    shop.clock = clock;
  }
  shop.revision += 1;
  const { customers, orders, refunds, notes, coupons, reviews, posts, pages } = shop;
  const counts = { customers, orders, refunds, notes, coupons, reviews, posts, pages };
  return { ...catalogue, ...Object.fromEntries(Object.entries(counts).map(([name, table]) => [name, table.size])) };
}

function seedStore(bench: StoreBench, size: ReturnType<typeof filledSize>, redirectLoop: boolean): void {
  const { shop } = bench;
  if (size.orders > 0) {
    shop.customStatuses['awaiting-pickup'] = 'Awaiting pickup';
    if (shop.taxRates.size === 0) seedTaxRates(shop);
  }
  seedCustomers(bench, size.customers);
  seedCoupons(bench, size.coupons);
  for (const ugly of uglyOrders()) {
    // A case may make two orders.
    if (bench.orders.length + 2 > (size.orders * 2) / 3) break;
    ugly(bench);
  }
  while (bench.orders.length < size.orders) everydayOrder(bench);
  seedReviews(bench, size.reviews);
  // A shop that has pages has those of its own software among them.
  const software = size.pages > SHOP_PAGES ? SHOP_PAGES : 0;
  seedArticles(bench, { ...size, pages: size.pages - software });
  if (software > 0) seedShopPages(bench);
  seedLinks(bench);
  if (redirectLoop) seedRedirectLoop(bench);
}

/** Two taxes at once in Quebec's manner, one of them on top of the other; one that leaves shipping free. */
function seedTaxRates(shop: Shop): void {
  createTaxRate(shop, { country: 'US', state: 'NY', rate: '8.8750', name: 'NY Tax' });
  createTaxRate(shop, { country: 'CA', rate: '5.0000', name: 'GST', priority: 1 });
  createTaxRate(shop, { country: 'CA', state: 'ON', rate: '8.0000', name: 'PST', priority: 2, compound: true });
  createTaxRate(shop, { country: 'DE', rate: '19.0000', name: 'MwSt.', shipping: false });
  createTaxRate(shop, { country: 'DE', rate: '7.0000', name: 'MwSt. ermäßigt', class: 'reduced-rate' });
}
