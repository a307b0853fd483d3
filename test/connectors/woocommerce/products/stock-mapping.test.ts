import { describe, expect, test } from 'vitest';
import { productSchema, variationSchema } from '../../../../src/connectors/woocommerce/products/product-schema.ts';
import { stockRecords } from '../../../../src/connectors/woocommerce/products/stock-mapping.ts';
import { recordedBody } from '../recordings.ts';

function product(changes: Record<string, unknown>) {
  return productSchema.parse({ ...recordedBody('get variable product'), ...changes });
}

function variation(id: number, changes: Record<string, unknown>) {
  return variationSchema.parse({ ...recordedBody('create variation'), id, ...changes });
}

function shape(...given: Parameters<typeof stockRecords>) {
  return stockRecords(...given).map(({ sourceId, canonical }) => [
    sourceId,
    canonical.managed,
    canonical.quantity,
    canonical.share,
  ]);
}

describe('the stock of a product', () => {
  test('is one record for a product without variations, and waits for it', () => {
    const [record, ...rest] = stockRecords(product({ type: 'simple', manage_stock: true, stock_quantity: -3 }), []);
    expect(rest).toEqual([]);
    expect(record).toMatchObject({
      entity: 'stock',
      sourceId: '2044',
      canonical: { product: '2044', variant: null, managed: 'own', quantity: '-3', status: 'in_stock' },
      references: [{ entity: 'product', sourceId: '2044', kind: 'hard' }],
    });
  });

  test('keeps "managed without a figure" apart from zero (T19)', () => {
    const [record] = stockRecords(product({ type: 'simple', manage_stock: true, stock_quantity: null }), []);
    expect(record?.canonical).toMatchObject({ managed: 'own', quantity: null });
  });

  test('is the product’s own pool when all variations draw from it', () => {
    const pool = product({ manage_stock: true, stock_quantity: 7 });
    const both = [2045, 2046].map((id) => variation(id, { manage_stock: 'parent', stock_quantity: 7 }));
    expect(shape(pool, both)).toEqual([['2044', 'own', '7', null]]);
  });

  test('is one record for each variation otherwise, with a share of the common pool', () => {
    const pool = product({ manage_stock: true, stock_quantity: 7 });
    const rows = [
      variation(2045, { manage_stock: 'parent', stock_quantity: 7 }),
      variation(2046, { manage_stock: true, stock_quantity: 2 }),
      variation(2047, { manage_stock: 'parent', stock_quantity: 7 }),
    ];
    expect(shape(pool, rows)).toEqual([
      ['2044/2045', 'parent', '7', { index: 0, of: 2 }],
      ['2044/2046', 'own', '2', null],
      ['2044/2047', 'parent', '7', { index: 1, of: 2 }],
    ]);
  });

  test('tells an untracked variation whether a sibling is tracked', () => {
    const untracked = variation(2045, { manage_stock: false, stock_quantity: null });
    const tracked = variation(2046, { manage_stock: true, stock_quantity: 1 });
    const siblings = (rows: ReturnType<typeof variation>[]) =>
      stockRecords(product({}), rows).map(({ canonical }) => canonical.anySiblingManaged);
    expect(siblings([untracked])).toEqual([false]);
    expect(siblings([untracked, tracked])).toEqual([true, true]);
  });

  test('does not exist for grouped and external products', () => {
    expect(stockRecords(product({ type: 'grouped' }), [])).toEqual([]);
    expect(stockRecords(product({ type: 'external' }), [])).toEqual([]);
  });

  test('sells nothing on a status that a plugin made up', () => {
    const [record] = stockRecords(product({ type: 'simple', stock_status: 'insuranceonly' }), []);
    expect(record?.canonical.status).toBe('out_of_stock');
  });
});
