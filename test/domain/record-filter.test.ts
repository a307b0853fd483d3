import { describe, expect, it } from 'vitest';
import { copyOrder, DEFAULT_MAPPING } from '../../src/domain/mapping.ts';
import { leftOut, type RecordFilters } from '../../src/domain/record-filter.ts';

const filters: RecordFilters = {
  order: { since: '2024-01-01T00:00:00Z', statuses: ['completed', 'processing'], except: ['7'] },
  page: { statuses: ['published'] },
};
const order = (createdAt: string | null, status = 'completed') => ({ createdAt, status });

describe('filters of a mapping', () => {
  it.each([
    ['made on the day', '1', order('2024-01-01T00:00:00.000Z'), null],
    ['made before', '1', order('2023-12-31T23:59:59.000Z'), 'left out: made before 2024-01-01T00:00:00Z'],
    ['made nobody knows when', '1', order(null), null],
    ['of another status', '1', order('2025-01-01T00:00:00Z', 'pending'), 'left out: its status is pending'],
    ['named', '7', order('2025-01-01T00:00:00Z'), 'left out by its id'],
  ])('leave out what was meant: %s', (_what, id, canonical, reason) => {
    expect(leftOut(filters, 'order', id, canonical)).toBe(reason);
  });

  it('are about their own entity only', () => {
    expect(leftOut(filters, 'product', '7', { createdAt: '2001-01-01T00:00:00Z', status: 'draft' })).toBeNull();
    expect(leftOut(filters, 'stock', '7', {})).toBeNull();
    expect(leftOut(filters, 'page', '7', { status: 'draft' })).toBe('left out: its status is draft');
  });
});

it('what is named is copied first, the rest as ever, stock last', () => {
  const copied = copyOrder({ ...DEFAULT_MAPPING, copyOrder: ['order', 'customer'] });
  expect(copied.slice(0, 4)).toEqual(['order', 'customer', 'category', 'brand']);
  expect(copied.at(-1)).toBe('stock');
  expect(new Set(copied).size).toBe(copied.length);
});
