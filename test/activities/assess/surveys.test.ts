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
  expect(JSON.stringify(survey)).not.toContain('@');
});

it('a shop whose second credential is missing does not let its pages be read, and says so', async () => {
  const { open } = await openShop();
  const { applicationUser: _user, applicationPassword: _password, ...keys } = sandboxCredentials;
  expect((await open(keys).survey(signal)).refused).toEqual(['blog_post', 'page']);
});

it('a target says what it holds, which mails are on, and what its token may not do', async () => {
  const { sandbox, target } = await openTarget();
  expect(await target.survey(signal)).toEqual({ existing: {}, refused: [], mails: [] });
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
