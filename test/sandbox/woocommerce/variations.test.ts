import { describe, expect, test } from 'vitest';
import type { Row } from './shop.ts';
import { openShop } from './shop.ts';
import { variableProduct } from './variable-product.ts';

describe('variations', () => {
  test("show what is their parent's where they have nothing of their own, except in the answer to their creation", async () => {
    const shop = await openShop();
    const parent = await variableProduct(shop);
    const made = (await shop.post(`/products/${parent}/variations`, { regular_price: '5' })).body;
    expect(made).toMatchObject({ sku: '', weight: '', tax_class: 'parent', image: null });
    const seen = (await shop.get(`/products/${parent}/variations/${String(made['id'])}`)).body;
    expect(seen).toMatchObject({ sku: 'BOOT', weight: '1.5', tax_class: 'reduced-rate' });
    expect(seen['dimensions']).toEqual({ length: '10', width: '', height: '' });
    expect(seen['image']).toMatchObject({ alt: 'A boot' });
  });

  test('sell from the parent when only that is managed', async () => {
    const shop = await openShop();
    const parent = await variableProduct(shop, { manage_stock: true, stock_quantity: 7 });
    const made = (await shop.post(`/products/${parent}/variations`, {})).body;
    const path = `/products/${parent}/variations/${String(made['id'])}`;
    expect((await shop.get(path)).body).toMatchObject({ manage_stock: 'parent', stock_quantity: 7 });
    await shop.call('PUT', `/wp-json/wc/v3${path}`, { manage_stock: true, stock_quantity: 2 });
    expect((await shop.get(path)).body).toMatchObject({ manage_stock: true, stock_quantity: 2 });
  });

  test('"any" is a missing attribute, all-any an empty name, and a bar splits a local option', async () => {
    const shop = await openShop();
    const parent = await variableProduct(shop);
    const some = await shop.post(`/products/${parent}/variations`, { attributes: [{ id: 1, option: 'Red & White' }] });
    expect(some.body['attributes']).toEqual([{ id: 1, name: 'Colour', slug: 'pa_colour', option: 'Red &amp; White' }]);
    const all = await shop.post(`/products/${parent}/variations`, {});
    expect([all.body['attributes'], all.body['name']]).toEqual([[], '']);
    const attributes = (await shop.get(`/products/${parent}`)).body['attributes'] as Row[];
    expect(attributes.map((row) => row['options'])).toEqual([
      ['Blue', 'Red &amp; White'],
      ['40', '41', '42'],
    ]);
  });

  test('default attributes are slugs for global and texts for local attributes', async () => {
    const shop = await openShop();
    const parent = await variableProduct(shop, {
      default_attributes: [
        { id: 1, option: 'Red & White' },
        { name: 'Size', option: '40' },
      ],
    });
    expect((await shop.get(`/products/${parent}`)).body['default_attributes']).toEqual([
      { id: 1, name: 'Colour', option: 'red-white' },
      { id: 0, name: 'Size', option: '40' },
    ]);
  });

  test('the global list filters by parent and by change', async () => {
    const shop = await openShop();
    const parent = await variableProduct(shop);
    await shop.post(`/products/${parent}/variations`, { sku: 'A' });
    shop.clock.step(5_000);
    await shop.post(`/products/${parent}/variations`, { sku: 'B' });
    const changed = await shop.get('/variations?modified_after=2026-07-10T12:00:04&dates_are_gmt=true&_fields=sku');
    expect(changed.body).toEqual([{ sku: 'B' }]);
    expect((await shop.get(`/variations?parent=${parent}`)).headers.get('x-wp-total')).toBe('2');
    expect((await shop.get('/variations?parent=1')).body).toEqual([]);
  });
});
