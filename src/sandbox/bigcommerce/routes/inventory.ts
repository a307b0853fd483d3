import { randomUUID } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import { invalid } from '../errors.ts';
import { key, productOfVariant } from '../store/catalog.ts';
import type { ProductRow, VariantRow } from '../store/rows.ts';
import type { RouteContext } from './context.ts';
import { numbers, page, queryOf } from './lists.ts';

interface Level {
  location_id: number;
  quantity: number;
  sku?: string;
  variant_id?: number;
  product_id?: number;
}
const MOST_ITEMS = 2_000;

/** Absolute levels, taken in at once and in force a little later (bigcommerce-api §7). */
export function addInventory(app: FastifyInstance, context: RouteContext): void {
  const { catalog, options, controls, changed } = context;
  const pending = new Set<NodeJS.Timeout>();
  app.addHook('onClose', async () => {
    for (const timer of pending) clearTimeout(timer);
  });
  app.put('/v3/inventory/adjustments/absolute', (request) => {
    const { items = [] } = request.body as { items?: Level[] };
    if (items.length > MOST_ITEMS) throw invalid({ items: `at most ${MOST_ITEMS}` });
    const targets = items.map((item, at) => target(context, item, at));
    const apply = () => {
      for (const [product, variant, quantity] of targets) {
        setLevel(context, product, variant, quantity, 'absolute adjustment');
      }
      changed();
    };
    const timer = setTimeout(() => {
      pending.delete(timer);
      apply();
    }, options.inventoryDelayMs);
    pending.add(timer);
    return { transaction_id: randomUUID() };
  });
  app.get('/v3/inventory/items', (request) => {
    const query = queryOf(request);
    const products = numbers(query['product_id:in']);
    const variants = numbers(query['variant_id:in']);
    const rows = [...catalog.products.values()]
      .filter((product) => controls.shows(product))
      .filter((product) => products.length === 0 || products.includes(product.id))
      .flatMap((product) => product.variants.map((variant) => ({ product, variant })))
      .filter(({ variant }) => variants.length === 0 || variants.includes(variant.id))
      .map(({ product, variant }) => itemOf(product, variant));
    return page(rows, query, options.switches.overLimitStatus);
  });
}

function itemOf(product: ProductRow, variant: VariantRow) {
  const level = product.inventory_tracking === 'variant' ? variant.inventory_level : product.inventory_level;
  return {
    identity: { sku: variant.sku, variant_id: variant.id, product_id: product.id },
    locations: [{ location_id: 1, available_to_sell: level, total_inventory_onhand: level }],
    available_to_sell: level,
    total_inventory_onhand: level,
  };
}

function target({ catalog }: RouteContext, item: Level, at: number): [ProductRow, VariantRow | null, number] {
  const refuse = (why: string) => invalid({ [`items.${at}`]: why });
  if (!Number.isInteger(item.quantity) || item.quantity < 0)
    throw refuse('quantity must be a whole number of 0 or more');
  if (item.location_id !== 1) throw refuse('unknown location');
  const place = item.sku === undefined ? undefined : catalog.skus.get(key(item.sku));
  const product = productOf(catalog, item, place?.product);
  if (product === undefined) throw refuse('unknown item');
  if (product.inventory_tracking === 'product' && item.variant_id !== undefined && product.base_variant_id === null) {
    throw refuse('tracked by product, addressed by variant');
  }
  const variantId = item.variant_id ?? place?.variant;
  const variant = product.variants.find((candidate) => candidate.id === variantId) ?? null;
  return [product, variant, item.quantity];
}

function productOf(catalog: RouteContext['catalog'], item: Level, bySku: number | undefined): ProductRow | undefined {
  const id = item.product_id ?? bySku;
  if (id !== undefined) return catalog.products.get(id);
  return productOfVariant(catalog, item.variant_id ?? 0);
}

export function setLevel(
  { catalog }: RouteContext,
  product: ProductRow,
  variant: VariantRow | null,
  quantity: number,
  cause: string,
): void {
  const holder = product.inventory_tracking === 'variant' && variant !== null ? variant : product;
  const entry = {
    at: new Date(catalog.clock.now()).toISOString(),
    variant_id: variant?.id ?? product.base_variant_id ?? 0,
  };
  catalog.stockJournal.push({ ...entry, from: holder.inventory_level, to: quantity, cause });
  holder.inventory_level = quantity;
  catalog.touch(product);
}
