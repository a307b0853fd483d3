import { afterEach, describe, expect, test } from 'vitest';
import type { VendureOptions } from '../../../src/connectors/vendure/options.ts';
import { createVendureSource } from '../../../src/connectors/vendure/vendure-source.ts';
import { productRow, signal, variantRow } from './forms.ts';
import { type Answer, type Asked, refusal, type StubServer, stubServer } from './stub-server.ts';
import { scanned } from '../../support/scanned.ts';

let server: StubServer;
afterEach(() => server.close());

interface Options {
  readonly filter: Readonly<Record<string, unknown>>;
  readonly sort?: Readonly<Record<string, string>>;
}
const optionsOf = ({ variables }: Asked) => variables['options'] as Options;
const isShop = ({ query }: Asked) => query.includes('moneyStrategyPrecision');

const SHOP = {
  globalSettings: {
    trackInventory: true,
    outOfStockThreshold: 0,
    serverConfig: {
      moneyStrategyPrecision: 2,
      orderProcess: ['AddingItems', 'PaymentSettled', 'Shipped', 'Odd'].map((name) => ({ name })),
      entityCustomFields: [
        {
          entityName: 'Product',
          customFields: [
            { name: 'grams', type: 'int' },
            { name: 'maker', type: 'relation' },
          ],
        },
      ],
    },
  },
  activeChannel: {
    code: 'eu',
    token: 'eu-token',
    defaultCurrencyCode: 'EUR',
    availableCurrencyCodes: ['EUR', 'CHF'],
    defaultLanguageCode: 'de',
    availableLanguageCodes: ['de', 'fr'],
    pricesIncludeTax: true,
  },
  facets: { items: [{ id: '5' }] },
};
const CATEGORIES = {
  taxCategories: {
    items: [
      { id: '1', name: 'Normal', isDefault: true },
      { id: '2', name: 'Food', isDefault: false },
    ],
  },
};
const STATES = { s0: { totalItems: 0 }, s1: { totalItems: 3 }, s2: { totalItems: 2 }, s3: { totalItems: 1 } };

const PRODUCTS = [
  { ...surveyed('1'), name: 'Mug' },
  {
    ...surveyed('2'),
    name: 'mug ',
    variants: [{ id: '21', sku: 'sku-11', taxCategory: { name: 'Food', isDefault: false } }],
  },
  {
    ...surveyed('3'),
    name: 'Set',
    enabled: false,
    updatedAt: null,
    variants: Array.from({ length: 601 }, (_, at) => soldAs(`V${at}`)),
  },
];
const CUSTOMERS = [
  { id: '1', emailAddress: 'ann@example.test', user: { id: '1' }, groups: [{ name: 'VIP' }, { name: 'Trade' }] },
  { id: '2', emailAddress: 'ANN@example.test', user: { id: '2' }, groups: [] },
  { id: '3', emailAddress: '', user: { id: '3' }, groups: [] },
  { id: '4', emailAddress: '', user: null, groups: [{ name: 'Guests' }] },
];
const COLLECTIONS = Array.from({ length: 9 }, (_, at) => ({ id: String(at + 2), parent: { id: String(at + 1) } }));
const ORDERS = [
  { id: '2', billingAddress: null, shippingAddress: { postalCode: '10115' } },
  { id: '1', billingAddress: { postalCode: '' }, shippingAddress: null },
];

function soldAs(sku: string) {
  return { id: sku, sku, taxCategory: { name: 'Normal', isDefault: true } };
}
function surveyed(id: string) {
  const updatedAt = '2026-11-21T14:00:00.000Z';
  return { id, enabled: true, updatedAt, featuredAsset: null, optionGroups: [], variants: [soldAs('SKU-11')] };
}

/** A shop that has these lists, and refuses others by name. */
function shopWith(lists: Readonly<Record<string, readonly object[]>>, refused: readonly string[] = []) {
  return (asked: Asked): Answer => {
    if (isShop(asked)) return { body: { data: SHOP } };
    if (asked.query.includes('taxCategories(')) return { body: { data: CATEGORIES } };
    if (asked.query.includes('query States')) return { body: { data: STATES } };
    if (asked.query.includes('{ globalSettings { id } }')) return { body: { data: { globalSettings: { id: '1' } } } };
    const list = /page: (\w+)\(/.exec(asked.query)?.[1] ?? '';
    if (refused.includes(list)) return refusal('FORBIDDEN');
    const items = lists[list] ?? [];
    return { body: { data: { page: { items, totalItems: items.length } } } };
  };
}

async function open(answer: (asked: Asked) => Answer, more: Partial<VendureOptions> = {}) {
  server = await stubServer(answer);
  return createVendureSource(server.options({ apiKey: 'a:b', ...more }));
}

describe('the profile of a shop', () => {
  test('is its channel’s, as far as Vendure has settings', async () => {
    const source = await open(shopWith({}), { channel: 'eu-token', storefrontUrl: 'https://shop.example.test' });
    expect(await source.check(signal)).toMatchObject({
      platform: 'vendure',
      platformName: 'Vendure',
      skuPrefix: 'VE',
      name: 'eu',
      url: 'https://shop.example.test',
      currency: 'EUR',
      currencyDecimals: 2,
      pricesIncludeTax: true,
      weightUnit: null,
      lengthUnit: null,
      timeZone: null,
      taxClasses: [
        { key: '', name: 'Normal' },
        { key: 'Food', name: 'Food' },
      ],
    });
    expect(server.asked).toHaveLength(2);
  });

  test('of another channel than was asked for is refused: the ids would be another shop’s', async () => {
    const source = await open(shopWith({}), { channel: 'us-token' });
    await expect(source.check(signal)).rejects.toMatchObject({ kind: 'credentials-rejected' });
    await expect(source.count('product', signal)).rejects.toMatchObject({ kind: 'credentials-rejected' });
  });

  test('is asked for once, however much is read', async () => {
    const source = await open(shopWith({}));
    await source.count('product', signal);
    await scanned(source, 'brand');
    await source.readByIds('order', ['1'], signal);
    expect(server.asked.filter(isShop)).toHaveLength(1);
  });
});

describe('the survey', () => {
  const lists = {
    products: PRODUCTS,
    customers: CUSTOMERS,
    collections: COLLECTIONS,
    orders: ORDERS,
    stockLocations: [{ id: '1' }],
    taxRates: [{ id: '1' }, { id: '2' }],
  };

  test('tells what a run will stumble over', async () => {
    const survey = await (await open(shopWith(lists))).survey(signal);
    expect(survey).toMatchObject({
      refused: [],
      orderStatuses: { processing: 3, shipped: 2, Odd: 1 },
      productTypes: { simple: 2 },
      taxClasses: { '': 2, Food: 1 },
      duplicateSkus: { count: 1, samples: ['2'] },
      duplicateNames: { count: 1, samples: ['2'] },
      tooManyVariants: { count: 1, samples: ['3'] },
      // Guests get no account, so that nobody misses their addresses.
      missingEmails: { count: 1, samples: ['3'] },
      duplicateEmails: { count: 1, samples: ['2'] },
      customerGroups: { VIP: 1 },
      deepCategories: { count: 1, samples: ['10'] },
      missingPostcodes: { count: 1, samples: ['1'] },
      unreliableStamps: { count: 1, samples: ['3'] },
    });
    expect(JSON.stringify(survey)).not.toContain('example.test');
  });

  test('tells what no record carries; one stock location is no matter', async () => {
    const { leftBehind } = await (await open(shopWith(lists))).survey(signal);
    expect(leftBehind).toContainEqual({ key: 'tax-rates', count: 2, samples: ['1', '2'] });
    expect(leftBehind).toContainEqual({ key: 'language-unmapped', count: 1, samples: ['fr'] });
    expect(leftBehind).toContainEqual({ key: 'extra-currency-prices', count: 1, samples: ['CHF'] });
    expect(leftBehind.map(({ key }) => key)).not.toContain('stock-locations');
  });

  test('names what may not be seen, and looks at the rest', async () => {
    const source = await open(shopWith(lists, ['customers', 'orders', 'taxRates']));
    const survey = await source.survey(signal);
    expect(survey).toMatchObject({ refused: ['customer', 'order'], orderStatuses: {}, customerGroups: {} });
    expect(survey.duplicateNames.count).toBe(1);
    const unseen = { key: 'tax-rates', count: 1, samples: ['not readable with these credentials'] };
    expect(survey.leftBehind).toContainEqual(unseen);
  });
});

/** A shop in which every single record is this one. */
function item(value: unknown) {
  return (asked: Asked): Answer => ({ body: { data: isShop(asked) ? SHOP : { item: value } } });
}

describe('a source', () => {
  test('asks for a page by ids in one request, with the fields that the shop defined', async () => {
    const source = await open(shopWith({ products: [productRow('2'), productRow('1'), productRow('9')] }));
    const page = await source.readByIds('product', ['1', '2', '3'], signal);
    expect(page.records.filter(({ entity }) => entity === 'product').map(({ sourceId }) => sourceId)).toEqual([
      '2',
      '1',
    ]);
    expect(page.missing).toEqual([{ entity: 'product', sourceId: '3' }]);
    const [asked, ...more] = server.asked.filter((one) => !isShop(one));
    expect(more).toEqual([]);
    expect(asked === undefined ? null : optionsOf(asked).filter).toEqual({ id: { in: ['1', '2', '3'] } });
    expect(asked?.query).toContain('customFields { grams }');
  });

  test('reads stock by its own ids, with that of the product alone', async () => {
    const source = await open(
      shopWith({ products: [productRow('1', { variants: [variantRow('11'), variantRow('12')] })] }),
    );
    const page = await source.readByIds('stock', ['1/12', '1/13'], signal);
    expect(page.records.map(({ entity, sourceId }) => [entity, sourceId])).toEqual([['stock', '1/12']]);
    expect(page.missing).toEqual([{ entity: 'stock', sourceId: '1/13' }]);
  });

  test('refuses ids that are none, and more than a page', async () => {
    const source = await open(shopWith({}));
    await expect(source.readByIds('product', ['1 OR 1=1'], signal)).rejects.toThrow(RangeError);
    const many = Array.from({ length: 101 }, (_, at) => String(at + 1));
    await expect(source.readByIds('product', many, signal)).rejects.toThrow('At most 100 records');
    await expect(source.count('review', signal)).rejects.toThrow('Vendure has no review');
  });

  test('takes one record for gone by the store’s word only, and no other record for it', async () => {
    const ref = { entity: 'product' as const, sourceId: '1' };
    expect(await (await open(item(null))).fetchOne(ref, signal)).toEqual({ outcome: 'gone', ref });
    await server.close();
    expect(await (await open(item(productRow('1')))).fetchOne(ref, signal)).toMatchObject({ outcome: 'present' });
    await server.close();
    const broken = await (await open(item({ ...productRow('1'), enabled: 'perhaps' }))).fetchOne(ref, signal);
    expect(broken).toMatchObject({ outcome: 'unreadable', record: { sourceId: '1' } });
    await server.close();
    await expect((await open(item(productRow('2')))).fetchOne(ref, signal)).rejects.toMatchObject({
      kind: 'unintelligible',
    });
  });

  test('looks for changes of products at their stamps, their variants and the orders that move them', async () => {
    const answer = shopWith({ products: [productRow('1')], productVariants: [], orders: [] });
    const source = await open(answer);
    const window = { after: '2026-11-21T10:00:00.000Z', until: '2026-11-21T15:00:00.000Z' };
    const stages: (string | null)[] = [];
    let cursor: string | null = null;
    do {
      const page = await source.readChanged('product', window, cursor, signal);
      stages.push(page.seenUntil);
      cursor = page.next;
    } while (cursor !== null);
    expect(stages).toEqual(Array.from({ length: 3 }, () => '2026-11-21T14:32:45.000Z'));
    const lists = server.asked.flatMap((asked) => /page: (\w+)\(/.exec(asked.query)?.[1] ?? []);
    expect(lists).toEqual(['products', 'productVariants', 'orders']);
    const sorts = server.asked.filter((asked) => !isShop(asked)).map((asked) => optionsOf(asked).sort);
    expect(sorts[0]).toEqual({ updatedAt: 'ASC', id: 'ASC' });
  });

  test('reads an entity of few records whole, and one that the shop does not have not at all', async () => {
    const answer = shopWith({});
    const source = await open((asked) =>
      isShop(asked) ? { body: { data: { ...SHOP, facets: { items: [] } } } } : answer(asked),
    );
    const window = { after: '2026-11-21T10:00:00.000Z', until: '2026-11-21T15:00:00.000Z' };
    const nothing = { records: [], unreadable: [], missing: [], next: null, seenUntil: null };
    expect(await source.readChanged('category', window, null, signal)).toEqual(nothing);
    expect(await source.readChanged('brand', window, null, signal)).toEqual(nothing);
    expect(await source.count('brand', signal)).toBe(0);
    expect(await scanned(source, 'brand')).toEqual([]);
    expect(await source.readByIds('brand', ['1'], signal)).toMatchObject({ missing: [{ sourceId: '1' }] });
    expect(server.asked.filter(({ query }) => query.includes('facetValues'))).toEqual([]);
  });
});
