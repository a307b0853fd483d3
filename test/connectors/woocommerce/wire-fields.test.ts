import { describe, expect, test } from 'vitest';
import { decimal, flag, gmt, id, integer, text } from '../../../src/connectors/woocommerce/wire/fields.ts';
import { pathOf } from '../../../src/connectors/woocommerce/wire/paths.ts';
import { readRow, rowId } from '../../../src/connectors/woocommerce/wire/read-row.ts';
import { productSchema } from '../../../src/connectors/woocommerce/products/product-schema.ts';
import { termSchema } from '../../../src/connectors/woocommerce/terms/term-schema.ts';
import { recordedBody } from './recordings.ts';

describe('lenient fields', () => {
  test.each([
    [text, null, ''],
    [text, 12, '12'],
    [id, 0, ''],
    [id, '', ''],
    [id, 12, '12'],
    [flag, 'yes', true],
    [flag, '', false],
    [flag, 0, false],
    [integer, '3', 3],
    [integer, null, 0],
    [decimal, '', null],
    [decimal, '.5', '0.5'],
    [decimal, '5.555', '5.555'],
    [decimal, 100, '100'],
    [decimal, 0.25, '0.25'],
    [decimal, null, null],
    [gmt, '2026-11-20T15:47:50', '2026-11-20T15:47:50.000Z'],
    [gmt, null, null],
  ])('%# take what PHP and plugins make of a value', (field, given, expected) => {
    expect(field.parse(given)).toBe(expected);
  });

  test.each([
    [text, ['a']],
    [decimal, '1,50'],
    [decimal, '1e9'],
    [flag, 'perhaps'],
    [gmt, 'yesterday'],
    [gmt, '2026-13-40T00:00:00'],
  ])('%# refuse what has no sure meaning', (field, given) => {
    expect(field.safeParse(given).success).toBe(false);
  });
});

describe('reading a row', () => {
  test('a recorded product and category have no unknown fields', () => {
    for (const name of ['create simple product', 'get variable product']) {
      expect(readRow('product', productSchema, recordedBody(name))).toMatchObject({ ok: true, unknown: [] });
    }
    expect(readRow('category', termSchema, recordedBody('create child category'))).toMatchObject({
      ok: true,
      unknown: [],
    });
  });

  test('a field that nobody judged is reported by name and does not stop the row', () => {
    const row = { ...recordedBody('create simple product'), warranty: { years: 2 } };
    expect(readRow('product', productSchema, row)).toMatchObject({
      ok: true,
      unknown: [{ key: 'unknown-field', field: 'warranty' }],
    });
  });

  test('a value of the wrong kind makes that record unreadable, in words, without the value', () => {
    const row = { ...recordedBody('create simple product'), regular_price: { private: 'hidden' } };
    const read = readRow('product', productSchema, row);
    expect(read).toMatchObject({ ok: false, unreadable: { entity: 'product', sourceId: '2043' } });
    expect(JSON.stringify(read)).toContain('regular_price');
    expect(JSON.stringify(read)).not.toContain('hidden');
  });

  test('a missing price is not a price of none', () => {
    const { regular_price: _dropped, ...row } = recordedBody('create simple product');
    expect(readRow('product', productSchema, row).ok).toBe(false);
  });

  test('a row without an id is a fault of the page', () => {
    expect(() => rowId({ name: 'x' })).toThrow(expect.objectContaining({ kind: 'unintelligible' }));
    expect(rowId({ id: '12' })).toBe('12');
  });
});

describe('the path of an address', () => {
  test.each([
    ['https://shop.example/product/blue/', '/product/blue/'],
    ['https://shop.example/shop//cat/blue?attribute=1', '/shop/cat/blue/'],
    ['https://shop.example/?p=12', null],
    ['https://shop.example/', null],
    ['', null],
  ])('%s is %s', (address, path) => {
    expect(pathOf(address)).toBe(path);
  });
});
