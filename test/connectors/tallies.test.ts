import { expect, test } from 'vitest';
import { clockSkew } from '../../src/connectors/http/clock-skew.ts';
import { counted, evenly, isPlausible, repeated, tooDeep } from '../../src/connectors/tallies.ts';
import { latest } from '../../src/connectors/walks/instants.ts';
import { rowId } from '../../src/connectors/walks/row-list.ts';

test('words are counted, and values that come again ignoring case are told by those who came later', () => {
  expect(counted(['a', 'b', 'a'])).toEqual({ a: 2, b: 1 });
  const rows = [
    { id: '1', sku: 'A' },
    { id: '2', sku: ' a' },
    { id: '3', sku: '' },
    { id: '4', sku: ' ' },
  ];
  expect(repeated(rows, ({ sku }) => sku)).toEqual({ count: 1, samples: ['2'] });
});

test('categories below the eighth level are told, and a circle of parents ends', () => {
  const chain = new Map(Array.from({ length: 10 }, (_, at) => [String(at), at === 0 ? '' : String(at - 1)]));
  expect(tooDeep(chain)).toEqual({ count: 2, samples: ['8', '9'] });
  expect(
    tooDeep(
      new Map([
        ['a', 'b'],
        ['b', 'a'],
      ]),
    ),
  ).toEqual({ count: 0, samples: [] });
});

test('some of many lie evenly over all of them', () => {
  expect(evenly([1, 2, 3, 4, 5, 6, 7], 3)).toEqual([1, 4, 7]);
  expect(evenly([1, 2], 50)).toEqual([1, 2]);
});

test('a stamp of another age says nothing', () => {
  const stamps = [new Date().toISOString(), null, '', '1970-01-01T00:00:00.000Z', '2999-01-01T00:00:00.000Z'];
  expect(stamps.map(isPlausible)).toEqual([true, false, false, false, false]);
  expect(latest([null, '2026-01-02T00:00:00.000Z', '2026-01-01T00:00:00.000Z'])).toBe('2026-01-02T00:00:00.000Z');
  expect(latest([null])).toBeNull();
});

test('ids are numbers or words, and a row without one spoils its page', () => {
  const ids = [{ id: 7 }, { id: '7' }, { id: '0b0c9d62-9a53-4d32-8d1c-3f1f0ad6e1aa' }].map(rowId);
  expect(ids).toEqual(['7', '7', '0b0c9d62-9a53-4d32-8d1c-3f1f0ad6e1aa']);
  for (const row of [{ id: 0 }, { id: '0' }, { id: '' }, { id: 'a/b' }, {}, null, 'x'])
    expect(() => rowId(row)).toThrow('no id');
});

test('a clock is told from the middle of its second, and one that says nothing is right', () => {
  const at = Date.parse('2026-11-21T12:00:00.500Z');
  expect(clockSkew('Sat, 21 Nov 2026 12:00:10 GMT', at, at)).toBe(10_000);
  expect(clockSkew(undefined, at, at)).toBe(0);
});
