import { describe, expect, it } from 'vitest';
import { couponRow } from '../../../../src/connectors/woocommerce/coupons/coupon-row.ts';
import type { CanonicalCoupon } from '../../../../src/domain/coupon.ts';
import { recordedBody } from '../recorded.ts';

const recorded = recordedBody('create coupon');
const { signal } = new AbortController();

const hash = async (more: object) => (await read(more)).record?.contentHash;

async function read(more: object = {}) {
  const { records, unreadable } = await couponRow().read([{ ...recorded, ...more }], signal);
  const [record] = records;
  return { record, coupon: record?.canonical as CanonicalCoupon, unreadable };
}

describe('a recorded coupon', () => {
  it('becomes canonical, and every field of it is known', async () => {
    const { record, coupon } = await read();
    expect(coupon).toMatchObject({
      kind: 'percent',
      amount: '10.00',
      published: true,
      usageLimit: 100,
      usageLimitPerUser: null,
      minimumAmount: '5.00',
      maximumAmount: null,
      categories: ['20'],
      products: [],
    });
    expect(record?.reports).toEqual([]);
    expect(record?.references).toEqual([
      { entity: 'category', sourceId: '20', kind: 'hard', field: 'product_categories' },
    ]);
    expect(record?.modifiedAt).toBe('2026-11-20T15:47:51.000Z');
  });

  it('changes its hash with a use, and not with who used it or when it was touched', async () => {
    expect(await hash({ date_modified_gmt: '2027-01-01T00:00:00', used_by: ['7'] })).toBe(await hash({}));
    expect(await hash({ usage_count: 5 })).not.toBe(await hash({}));
  });
});

describe('coupons as shops have them', () => {
  it.each([
    [{ discount_type: 'bogo' }, { kind: 'unknown', sourceType: 'bogo' }],
    [{ status: 'draft' }, { published: false }],
    [{ date_expires_gmt: '2026-12-31T23:59:59' }, { expiresAt: '2026-12-31T23:59:59.000Z' }],
    [
      { usage_limit: 0, limit_usage_to_x_items: 0 },
      { usageLimit: null, itemLimit: null },
    ],
    [{ product_ids: [30, 4, 30] }, { products: ['4', '30'] }],
    [{ email_restrictions: ['*@example.test'] }, { emailRestrictions: 1 }],
    [{ amount: '' }, { amount: '0' }],
  ])('%j', async (more, expected) => {
    expect((await read(more)).coupon).toMatchObject(expected);
  });

  it('are reported for who used them and for words that have no place, without naming anybody', async () => {
    const { record } = await read({ used_by: ['ann@example.test'], description: 'For Ann' });
    expect(record?.reports).toEqual([
      { key: 'coupon-used-by', field: 'used_by' },
      { key: 'coupon-details', field: 'description' },
    ]);
  });

  it('of another shape are unreadable, not a failed page', async () => {
    const { record, unreadable } = await read({ product_ids: 'all' });
    expect(record).toBeUndefined();
    expect(unreadable).toMatchObject([{ entity: 'coupon', sourceId: String(recorded['id']) }]);
  });

  it('claim their code as a name at the scan', async () => {
    expect(await couponRow().keys([recorded], signal)).toMatchObject([{ name: recorded['code'], parent: null }]);
  });
});
