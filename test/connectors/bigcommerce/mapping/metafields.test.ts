import { describe, expect, it } from 'vitest';
import { array, assert, jsonValue, property, record, string } from 'fast-check';
import { createFindings } from '../../../../src/connectors/bigcommerce/mapping/findings.ts';
import { ownMetafields, shopMetafields } from '../../../../src/connectors/bigcommerce/mapping/metafields.ts';

const shop = (meta: Parameters<typeof shopMetafields>[1], taken: string[] = []) => {
  const findings = createFindings();
  return { rows: shopMetafields('woocommerce', meta, new Set(taken), 'meta', findings), findings };
};

describe('metafields', () => {
  it('hold scalars as text and the rest as compact JSON, in the order of their keys', () => {
    const { rows } = shop(
      [
        { key: 'b', value: { z: 1, a: [true, null] } },
        { key: 'a', value: 4.5 },
        { key: 'empty', value: '' },
        { key: 'taken', value: 'x' },
      ],
      ['taken'],
    );
    expect(rows).toEqual([
      { namespace: 'woocommerce', key: 'a', value: '4.5' },
      { namespace: 'woocommerce', key: 'b', value: '{"a":[true,null],"z":1}' },
    ]);
  });

  it('split long values without breaking a character, and join to the same text', () => {
    const value = `${'x'.repeat(65_534)}😀${'y'.repeat(10)}`;
    const { rows, findings } = shop([{ key: 'long', value }]);
    expect(rows.map(({ key }) => key)).toEqual(['long.1', 'long.2']);
    expect(rows.map((row) => row.value).join('')).toBe(value);
    expect(findings.adjustments.map(({ key }) => key)).toEqual(['meta-split']);
  });

  it('shorten long keys to a name that only they have', () => {
    const key = `${'k'.repeat(70)}1`;
    const { rows, findings } = shop([
      { key, value: '1' },
      { key: `${'k'.repeat(70)}2`, value: '2' },
    ]);
    expect(rows.every((row) => row.key.length === 64)).toBe(true);
    expect(rows[0]?.key).not.toBe(rows[1]?.key);
    expect(findings.adjustments.map((item) => item.key)).toEqual(['meta-key-shortened', 'meta-key-shortened']);
  });

  it('of the shop are at most 200; ours are not counted', () => {
    const meta = Array.from({ length: 230 }, (_, index) => ({ key: `k${String(index).padStart(3, '0')}`, value: 1 }));
    const { rows, findings } = shop(meta);
    expect(rows).toHaveLength(200);
    expect(rows.at(-1)?.key).toBe('k199');
    expect(findings.reports).toEqual([{ key: 'meta-over-limit', field: 'meta', sample: '30' }]);
  });

  it('always hold the marker, and whole texts that were cut', () => {
    const rows = ownMetafields('abc:1', { note: null, more: 'x' }, new Map([['name', 'whole']]), createFindings());
    expect(rows.map(({ key, value }) => `${key}=${value}`)).toEqual(['source_id=abc:1', 'more=x', 'full_name=whole']);
  });

  it('are within the limits and well-formed whatever the shop holds', () => {
    assert(
      property(
        array(record({ key: string({ minLength: 1, maxLength: 90, unit: 'binary' }), value: jsonValue() })),
        (meta) => {
          const { rows } = shop(meta as never);
          for (const row of rows) {
            expect(row.key.length).toBeLessThanOrEqual(64);
            expect(row.value.length).toBeGreaterThan(0);
            expect(row.value).not.toMatch(/\p{Surrogate}/u);
          }
          expect(new Set(rows.map((row) => row.key.toLowerCase())).size).toBe(rows.length);
        },
      ),
    );
  });
});
