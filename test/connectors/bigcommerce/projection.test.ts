import { describe, expect, it } from 'vitest';
import { changedFields, withoutBlanks } from '../../../src/connectors/bigcommerce/projection/field-changes.ts';
import { agreesFields, type FieldTable, projectFields } from '../../../src/connectors/bigcommerce/projection/fields.ts';
import { presentProduct } from '../../../src/connectors/bigcommerce/projection/product.ts';
import { agreesProductPart } from '../../../src/connectors/bigcommerce/projection/product-agreement.ts';
import { customFieldKey, pairImages } from '../../../src/connectors/bigcommerce/projection/product-children.ts';
import { childIds, pair, unpair } from '../../../src/connectors/bigcommerce/projection/children.ts';
import { readQuota } from '../../../src/connectors/bigcommerce/quota-headers.ts';

const TABLE: FieldTable = {
  name: 'text',
  body: 'html',
  price: 'number',
  weight: 'measure',
  shown: 'flag',
  ids: 'ids',
  url: 'url',
};

const variantWish = (label: string, sku: string) => ({
  key: label,
  sku,
  option_values: [{ option_display_name: 'Size', label }],
});

const imageWish = (key: string, place: number) => ({ key, description: 'same', sort_order: place });

const imageRow = (id: number, place: number) => ({ id, description: 'same', sort_order: place, is_thumbnail: false });

describe('fields', () => {
  it('have one form whatever the store writes for nothing', () => {
    const empty = projectFields(TABLE, {});
    expect(
      projectFields(TABLE, { name: null, body: null, price: '', weight: null, shown: null, ids: null, url: null }),
    ).toEqual(empty);
    expect(empty).toEqual({ name: '', body: '', price: 0, weight: null, shown: false, ids: [], url: '' });
  });

  it('have one form for numbers as text and as numbers', () => {
    expect(projectFields({ price: 'number' }, { price: '9.9500' })).toEqual({ price: 9.95 });
  });

  it('agree when they mean the same', () => {
    const desired = {
      name: 'a  b',
      body: '<p class="x">A</p>',
      price: 5,
      weight: null,
      shown: true,
      ids: [2, 1],
      url: { url: '/A/' },
    };
    const present = projectFields(TABLE, {
      name: ' a b',
      body: '<p>A</p>',
      price: '5.0000',
      weight: '',
      shown: true,
      ids: [1, 2],
      url: { path: 'a' },
    });
    expect(agreesFields(TABLE, desired, present)).toBe(true);
  });

  it.each([
    { name: 'A' },
    { body: '<p>B</p>' },
    { price: 5.0001 },
    { weight: 0 },
    { shown: false },
    { ids: [1] },
    { url: { url: '/b/' } },
  ])('do not agree when %j differs', (other) => {
    const desired = {
      name: 'a',
      body: '<p>A</p>',
      price: 5,
      weight: null,
      shown: true,
      ids: [1, 2],
      url: { url: '/a/' },
    };
    const present = projectFields(TABLE, { ...desired, url: { url: '/a/' } });
    expect(agreesFields(TABLE, { ...desired, ...other }, present)).toBe(false);
  });

  it('that we do not set are not compared', () => {
    expect(
      agreesFields(TABLE, { name: 'a', url: null }, projectFields(TABLE, { name: 'a', price: 7, url: { url: '/x/' } })),
    ).toBe(true);
  });

  it('are sent only when they are meant otherwise than last time', () => {
    const last = { a: 1, b: { x: 1, y: 2 }, c: null };
    expect(changedFields({ a: 1, b: { y: 2, x: 1 }, c: '' }, last)).toEqual({ c: '' });
    expect(changedFields({ a: 1 }, null)).toEqual({ a: 1 });
  });

  it('that are blank are left out of a create; zero and false are not blank', () => {
    expect(withoutBlanks({ a: '', b: null, c: [], d: 0, e: false })).toEqual({ d: 0, e: false });
  });
});

describe('a product as it is at the target', () => {
  const row = {
    id: 5,
    name: 'Tea',
    sku: 'T',
    date_modified: '2026-11-20T15:47:50+00:00',
    categories: [9, 3],
    inventory_level: 4,
    calculated_price: 1,
    total_sold: 7,
    related_products: [-1],
    variants: [
      { id: 8, sku: 'T', option_values: [] },
      {
        id: 7,
        sku: 'T-1',
        option_values: [{ id: 1, option_id: 2, option_display_name: 'Size', label: 'S' }],
        inventory_level: 3,
      },
    ],
  };

  it('holds neither stock nor what moves by itself', () => {
    const sold = {
      ...row,
      inventory_level: 0,
      calculated_price: 2,
      total_sold: 8,
      date_modified: '2026-11-21T00:00:00Z',
    };
    expect(presentProduct(sold).parts).toEqual(presentProduct(row).parts);
  });

  it('counts only variants with options, in a stable order, and no automatic relations', () => {
    const { parts, modifiedAt } = presentProduct(row);
    expect(parts['variants']).toMatchObject([{ id: 7, options: { Size: 'S' } }]);
    expect(parts['related']).toEqual([]);
    expect(parts['core']).toMatchObject({ categories: [3, 9] });
    expect(modifiedAt).toBe('2026-11-20T15:47:50.000Z');
  });

  it('holds no part that was not asked for', () => {
    expect(Object.keys(presentProduct({ id: 5 }).parts)).toEqual(['core']);
  });

  it('does not agree when a variant is missing, one too many, or another', () => {
    const present = presentProduct(row).parts['variants'] ?? null;
    const agrees = (...rows: ReturnType<typeof variantWish>[]) =>
      agreesProductPart('variants', { base: null, rows }, present);
    expect(agrees(variantWish('s', 'T-1'))).toBe(true);
    expect(agrees()).toBe(false);
    expect(agrees(variantWish('M', 'T-1'))).toBe(false);
    expect(agrees(variantWish('S', 'T-2'))).toBe(false);
    expect(agrees(variantWish('S', 'T-1'), variantWish('M', 'T-2'))).toBe(false);
  });
});

describe('children', () => {
  it('are those of the last word on each', () => {
    const children = [
      pair('image', 'a', 1),
      pair('image', 'b', 2),
      unpair('image', 'a'),
      pair('image', 'b', 3),
      pair('x', 'c', 9),
    ];
    expect([...childIds(children, 'image')]).toEqual([['b', '3']]);
  });

  it('of pictures are told by id first, then by place and text, and none twice', () => {
    const pairs = pairImages(
      [imageWish('a', 0), imageWish('b', 1), imageWish('c', 2)],
      [imageRow(11, 0), imageRow(12, 1)],
      new Map([['b', '11']]),
    );
    expect(pairs.map(([key, row]) => `${key} ${row.id}`).sort()).toEqual(['b 11']);
  });

  it('of custom fields have short and distinct names', () => {
    const long = 'x'.repeat(250);
    expect(customFieldKey({ name: long, value: `${long}1` })).not.toBe(
      customFieldKey({ name: long, value: `${long}2` }),
    );
    expect(customFieldKey({ name: long, value: long }).length).toBeLessThan(64);
  });
});

describe('rate headers', () => {
  it('tell limit, rest and window', () => {
    const headers = {
      'x-rate-limit-requests-quota': '150',
      'x-rate-limit-requests-left': '149',
      'x-rate-limit-time-window-ms': '30000',
      'x-rate-limit-time-reset-ms': '1200',
    };
    expect(readQuota(headers, 200)).toEqual({ limit: 150, left: 149, windowMs: 30_000, resetsInMs: 1_200 });
    const used = { ...headers, 'x-rate-limit-requests-left': '0' };
    expect(readQuota(used, 429)).toMatchObject({ busyForMs: 1_200 });
    // Not the window: how long it lasts is to be found out.
    expect(readQuota(headers, 429)).toMatchObject({ busyForMs: null });
  });

  it('that are missing on a refusal mean load protection: some seconds', () => {
    expect(readQuota({}, 429)).toEqual({ busyForMs: 3_000 });
    expect(readQuota({ 'x-rate-limit-requests-left': 'many' }, 200)).toEqual({});
  });
});
