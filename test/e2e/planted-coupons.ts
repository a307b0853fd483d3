import type { Defect } from './planted-defects.ts';

/** The coupons of the target's raw state, as far as defects are planted among them. */
export interface RawCoupons {
  coupons: { id: number; code: string; name: string; amount: string; enabled: boolean; max_uses: number }[];
}

function one({ coupons }: RawCoupons): RawCoupons['coupons'][number] {
  const [found] = coupons;
  if (found === undefined) throw new Error('the store holds no coupon for this defect');
  return found;
}

export const COUPON_DEFECTS: readonly Defect<RawCoupons>[] = [
  { what: 'a lost coupon', kind: 'lost', field: '', plant: (t) => void t.coupons.splice(0, 1) },
  {
    what: 'a coupon that nobody made at the source',
    kind: 'foreign',
    field: '',
    plant: (t) => void t.coupons.push({ ...one(t), id: 999_005, code: 'FREE-FOR-ALL', name: 'x' }),
  },
  {
    what: 'a discount that is one cent off',
    kind: 'different',
    field: 'amount',
    plant: (t) => void (one(t).amount = (Number(one(t).amount) + 0.01).toFixed(4)),
  },
  {
    what: 'a coupon that is switched the other way',
    kind: 'different',
    field: 'enabled',
    plant: (t) => void (one(t).enabled = !one(t).enabled),
  },
  { what: 'a coupon with more uses', kind: 'different', field: 'max_uses', plant: (t) => void (one(t).max_uses += 5) },
];
