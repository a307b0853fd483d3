import { describe, expect, it } from 'vitest';
import { mapProduct, productKeys } from '../../../../src/connectors/bigcommerce/mapping/product.ts';
import type { CanonicalProduct } from '../../../../src/domain/product.ts';
import { contextWith, type ContextChanges, pricing, product, stockPolicy, writtenForm } from '../forms.ts';

const map = (more: Partial<CanonicalProduct>, changes: ContextChanges = {}, allowPrivate = false) =>
  writtenForm(mapProduct('12', product(more), contextWith(changes), { allowPrivate }));

const image = (key: string, url: string, alt = '') => ({ key, url, alt });

describe('kinds of products', () => {
  it.each([
    ['grouped', { availability: 'disabled', is_price_hidden: true, price: 0 }, 'grouped-as-display-product'],
    ['external', { availability: 'disabled', is_price_hidden: false, price: 9.95 }, 'external-as-link-product'],
    ['subscription', { availability: 'disabled', price: 9.95 }, 'subscription-as-disabled-product'],
    ['bundle', { availability: 'available', price: 9.95 }, 'bundle-as-product'],
    ['unknown', { availability: 'disabled', is_visible: false }, 'unknown-type-disabled'],
  ] as const)('%s', (kind, fields, key) => {
    const form = map({ kind, externalUrl: 'https://elsewhere.example.test/x', buttonText: 'Buy & go' });
    expect(form.parts['core']).toMatchObject(fields);
    expect(form.adjusted).toContain(key);
  });

  it('external: the description ends with the link, never with a script', () => {
    const form = map({
      kind: 'external',
      externalUrl: 'https://elsewhere.example.test/?a=1&b=2',
      buttonText: 'Buy "it"',
    });
    expect(form.parts['core'].description).toBe(
      '<p>Leaves.</p><p><a href="https://elsewhere.example.test/?a=1&amp;b=2">Buy &quot;it&quot;</a></p>',
    );
    expect(map({ kind: 'external', externalUrl: 'javascript:alert(1)' }).parts['core'].description).toBe(
      '<p>Leaves.</p>',
    );
  });

  it('bundle without a price of its own is shown and not sold', () => {
    const form = map({ kind: 'bundle', pricing: pricing(null) });
    expect(form.parts['core']).toMatchObject({ availability: 'disabled', is_price_hidden: true });
    expect(form.adjusted).toEqual(['bundle-as-product']);
  });

  it('virtual is digital, downloadable alone stays physical', () => {
    expect(map({ virtual: true, downloadable: true }).parts['core'].type).toBe('digital');
    const form = map({ downloadable: true, downloads: [{ name: 'Manual' }] });
    expect(form.parts['core'].type).toBe('physical');
    expect(form.adjusted).toEqual(['download-kept-physical']);
  });

  it('variable without any variation is shown and not sold', () => {
    const form = map({
      kind: 'variable',
      pricing: pricing(null),
      stock: stockPolicy({ managed: 'own', status: null }),
    });
    expect(form.parts['core']).toMatchObject({
      availability: 'disabled',
      is_price_hidden: true,
      inventory_tracking: 'none',
    });
  });

  it('grouped: the description ends with a list of the parts that are at the target', () => {
    const keysOf = { 'product:5': { name: 'Cup & saucer', path: '/product/cup/' } };
    const form = map({ kind: 'grouped', groupedChildren: ['5', '6'], description: '<p>Set</p>' }, { keysOf });
    expect(form.parts['core'].description).toBe(
      '<p>Set</p><ul><li><a href="/product/cup/">Cup &amp; saucer</a></li></ul>',
    );
    expect(map({ kind: 'grouped', groupedChildren: ['5'], description: '' }).parts['core'].description).toBe('');
  });
});

describe('stock of a product without variants', () => {
  it.each([
    [stockPolicy({ managed: 'own', status: null }), 'product', 'available', []],
    [stockPolicy({ status: 'in_stock' }), 'none', 'available', []],
    [stockPolicy({ status: 'out_of_stock' }), 'product', 'available', ['out-of-stock-as-zero']],
    [stockPolicy({ status: 'on_backorder' }), 'none', 'available', ['backorder-as-available']],
    [stockPolicy({ managed: 'own', status: null, forcedOut: true }), 'product', 'disabled', ['forced-out-of-stock']],
  ])('%j', (stock, tracking, availability, keys) => {
    const form = map({ stock });
    expect(form.parts['core']).toMatchObject({ inventory_tracking: tracking, availability });
    expect(form.adjusted).toEqual(keys);
  });

  it('with backorders follows the mapping', () => {
    const stock = stockPolicy({ managed: 'own', status: null, backorders: 'yes' });
    expect(map({ stock }, { mapping: { backorders: 'untracked' } }).parts['core'].inventory_tracking).toBe('none');
    expect(map({ stock }, { mapping: { backorders: 'preorder' } }).parts['core'].availability).toBe('preorder');
  });

  it('sends a warning level only where stock is tracked', () => {
    const tracked = stockPolicy({ managed: 'own', status: null, lowStockAt: 3 });
    expect(map({ stock: tracked }).parts['core'].inventory_warning_level).toBe(3);
    expect(map({ stock: stockPolicy({ lowStockAt: 3 }) }).parts['core'].inventory_warning_level).toBe(0);
  });

  it("warns at the shop's level where the product names none", () => {
    const tracked = stockPolicy({ managed: 'own', status: null });
    expect(map({ stock: tracked }, { source: { lowStockAt: 7 } }).parts['core'].inventory_warning_level).toBe(7);
  });
});

describe('pictures', () => {
  it('stand in order, the first is the thumbnail, one attachment counts once', () => {
    const form = map({
      images: [
        image('1', 'https://shop.example.test/a.jpg', 'Front'),
        image('2', 'https://shop.example.test/b.jpg'),
        image('1', 'https://shop.example.test/a.jpg', 'Front'),
      ],
    });
    expect(form.parts['images']).toEqual([
      {
        key: '1',
        image_url: 'https://shop.example.test/a.jpg',
        description: 'Front',
        sort_order: 0,
        is_thumbnail: true,
      },
      { key: '2', image_url: 'https://shop.example.test/b.jpg', description: '', sort_order: 1, is_thumbnail: false },
    ]);
  });

  it('with long or non-ASCII addresses are uploaded, in their own part and their own place', () => {
    const form = map({
      images: [
        image('1', 'https://shop.example.test/a.jpg'),
        image('2', 'https://shop.example.test/ü.jpg'),
        image('3', `https://shop.example.test/${'x'.repeat(260)}.jpg`),
      ],
    });
    expect(form.parts['images']).toHaveLength(1);
    expect(form.parts['uploads'].map((row: { sort_order: number }) => row.sort_order)).toEqual([1, 2]);
  });

  it("inside a private network are nobody's to fetch, unless both stores stand there", () => {
    const images = [image('1', 'http://127.0.0.1:8080/a.jpg')];
    expect(map({ images }).reported).toEqual(['image-unreachable']);
    expect(map({ images }).parts['images']).toEqual([]);
    expect(map({ images }, {}, true).parts['images']).toHaveLength(1);
  });
});

describe('addresses', () => {
  it('are transliterated, and say so', () => {
    const form = map({ path: '/product/%d1%87%d0%b0%d0%b9/' });
    expect(form.parts['core'].custom_url.url).toBe('/product/chai/');
    expect(form.adjusted).toEqual(['url-changed']);
  });

  it('give way to the holder of the path', () => {
    const form = map({}, { keys: { path: '/product/green-tea-12/' } });
    expect(form.parts['core'].custom_url.url).toBe('/product/green-tea-12/');
    expect(form.adjusted).toEqual(['url-changed']);
  });

  it("are the target's own for drafts and under the native policy", () => {
    expect(map({ path: null, status: 'draft' }).parts['core'].custom_url).toBeNull();
    expect(map({}, { mapping: { urls: 'native' } }).parts['core'].custom_url).toBeNull();
    expect(productKeys('12', product({ path: null }), contextWith()).map(({ kind }) => kind)).not.toContain('path');
  });
});
