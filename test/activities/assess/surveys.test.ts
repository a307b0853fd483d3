import { expect, it, onTestFinished } from 'vitest';
import { createBigCommerceTarget } from '../../../src/connectors/bigcommerce/bigcommerce-target.ts';
import { openGovernor } from '../../../src/connectors/http/open-governor.ts';
import { createWooCommerceSource } from '../../../src/connectors/woocommerce/woocommerce-source.ts';
import { type BigCommerceSandboxOptions, bigCommerceCredentials } from '../../../src/sandbox/bigcommerce/options.ts';
import { createBigCommerceSandbox } from '../../../src/sandbox/bigcommerce/server.ts';
import { sandboxCredentials } from '../../../src/sandbox/woocommerce/options.ts';
import { seedShop } from '../../../src/sandbox/woocommerce/seed/shop.ts';
import { createWooCommerceSandbox } from '../../../src/sandbox/woocommerce/server.ts';

const { signal } = new AbortController();
const CLIENT = { network: { allowPrivate: true }, governor: openGovernor(), timeoutMs: 5_000, concurrency: 4 };

async function openShop() {
  const shop = await createWooCommerceSandbox();
  onTestFinished(() => shop.close());
  seedShop(shop.store, 5, { products: 120, customers: 40, orders: 60 });
  const open = (credentials: object) =>
    createWooCommerceSource({ ...(credentials as typeof sandboxCredentials), baseUrl: shop.url, ...CLIENT });
  return { shop, source: open(sandboxCredentials), open };
}

async function openTarget(options: BigCommerceSandboxOptions = {}) {
  const sandbox = await createBigCommerceSandbox(options);
  onTestFinished(() => sandbox.close());
  return { sandbox, target: createBigCommerceTarget({ ...bigCommerceCredentials, baseUrl: sandbox.url, ...CLIENT }) };
}

it('a look over a shop counts what somebody has to decide on', async () => {
  const { shop, source } = await openShop();
  const survey = await source.survey(signal);
  const rows = [...shop.store.products.values()].filter(({ status }) => status === 'publish');
  expect(survey.refused).toEqual([]);
  expect(survey.productTypes['simple']).toBe(rows.filter(({ type }) => type === 'simple').length);
  const orders = [...shop.store.orders.values()];
  expect(survey.orderStatuses['completed']).toBe(orders.filter(({ status }) => status === 'completed').length);
  expect(survey.duplicateNames.count).toBeGreaterThan(0);
  expect(survey.missingEmails.samples.length).toBeLessThanOrEqual(5);
  const emails = [...shop.store.customers.values()]
    .map(({ email }) => email.toLowerCase())
    .filter((email) => email !== '');
  expect(survey.duplicateEmails.count).toBe(emails.length - new Set(emails).size);
  expect(survey.duplicateEmails.count).toBeGreaterThan(0);
  expect(JSON.stringify(survey)).not.toContain('@');
  const roles = [...shop.store.customers.values()].map(({ role }) => role);
  expect(survey.customerGroups).toEqual({
    wholesale_customer: roles.filter((role) => role === 'wholesale_customer').length,
  });
  expect(survey.unreliableStamps.count).toBe(0);
});

it('a look over a shop names what no record carries, with its count and where it is', async () => {
  const { shop, source } = await openShop();
  const { leftBehind } = await source.survey(signal);
  const found = new Map(leftBehind.map(({ key, ...rest }) => [key, rest]));
  const { taxRates, terms, attachments, attributes } = shop.store;
  expect(found.get('tax-rates')?.count).toBe(taxRates.size);
  expect(found.get('media-library')).toMatchObject({ count: attachments.size });
  expect(found.get('media-urls')).toEqual(found.get('media-library'));
  const tags = [...terms.values()].filter(({ taxonomy }) => taxonomy === 'product_tag');
  expect(found.get('tag-pages')?.count).toBe(tags.length);
  const archives = [...attributes.values()].filter((row) => row.hasArchives);
  expect(found.get('attribute-archives')?.count ?? 0).toBe(archives.length);
  for (const key of ['old-slugs-unknown', 'store-settings', 'theme-content', 'shipping-setup', 'payment-setup']) {
    expect([...found.keys()]).toContain(key);
  }
  expect(found.get('shipping-setup')?.samples).toContain('0');
  expect(leftBehind.every(({ count, samples }) => count > 0 && samples.length <= 5)).toBe(true);
});

it('pictures that nobody can fetch are found, and stamps that say nothing', async () => {
  const { shop, source } = await openShop();
  const before = await source.survey(signal);
  for (const row of shop.store.attachments.values()) row.missing = true;
  const [first, second] = shop.store.products.values();
  Object.assign(first ?? {}, { modifiedGmt: Date.UTC(2091, 0) });
  Object.assign(second ?? {}, { modifiedGmt: Date.UTC(1970, 0, 2) });
  const after = await source.survey(signal);
  expect(after.unreachableImages.count).toBeGreaterThan(before.unreachableImages.count);
  expect(after.unreachableImages.samples[0]).toMatch(/^http/);
  expect(after.unreliableStamps).toEqual({ count: 2, samples: [String(first?.id), String(second?.id)] });
});

it('a part of a shop that these credentials may not read is named all the same', async () => {
  const { shop, source } = await openShop();
  const closed = ['/shipping/zones$', '/payment_gateways$', '/products/attributes$', '/reports/orders/totals$'];
  for (const path of closed) {
    const fault = { kind: 'status', code: 403, when: 'before' } as const;
    shop.controls.faults.add([{ route: path, rate: 1, fault }]);
  }
  const { leftBehind, orderStatuses } = await source.survey(signal);
  expect(orderStatuses).toEqual({});
  for (const key of ['shipping-setup', 'payment-setup']) {
    expect(leftBehind).toContainEqual({ key, count: 1, samples: ['not readable with these credentials'] });
  }
});

it('a shop whose second credential is missing does not let its pages be read, and says so', async () => {
  const { open } = await openShop();
  const { applicationUser: _user, applicationPassword: _password, ...keys } = sandboxCredentials;
  expect((await open(keys).survey(signal)).refused).toEqual(['blog_post', 'page']);
});

it('a target says what it holds, which mails are on, and what its token may not do', async () => {
  const { sandbox, target } = await openTarget({ quota: 100 });
  expect(await target.survey(signal)).toEqual({
    existing: {},
    refused: [],
    mails: [],
    groups: [],
    quota: { limit: expect.any(Number), left: expect.any(Number), windowMs: expect.any(Number) },
  });
  sandbox.store.settings.emails['combined_order_status_email'] = true;
  sandbox.store.settings.orders.notifications.order_placed.email_addresses.push('staff@example.test');
  expect((await target.survey(signal)).mails).toEqual(['combined_order_status_email', 'order_placed']);
  const { target: narrow } = await openTarget({
    scopes: ['store_v2_products', 'store_v2_information', 'store_inventory', 'store_v2_content', 'store_v2_marketing'],
  });
  const survey = await narrow.survey(signal);
  expect(survey.refused).toEqual(expect.arrayContaining(['customer', 'order']));
  expect(survey.refused).not.toContain('product');
});
