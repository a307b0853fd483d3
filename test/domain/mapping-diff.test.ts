import { expect, it } from 'vitest';
import { DEFAULT_MAPPING } from '../../src/domain/mapping.ts';
import { mappingDiff } from '../../src/domain/mapping-diff.ts';

it('names every choice that differs by its path, and nothing else', () => {
  const after = {
    ...DEFAULT_MAPPING,
    version: 7,
    urls: 'native' as const,
    orderStatuses: { shipped: '2' },
    entities: { coupon: false },
  };
  expect(mappingDiff(DEFAULT_MAPPING, after)).toEqual([
    { path: 'entities.coupon', before: null, after: false },
    { path: 'orderStatuses.shipped', before: null, after: '2' },
    { path: 'urls', before: 'keep', after: 'native' },
  ]);
  expect(mappingDiff(after, DEFAULT_MAPPING)).toHaveLength(3);
  expect(mappingDiff(after, { ...after, version: 8 })).toEqual([]);
});
