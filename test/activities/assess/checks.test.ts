import { expect, it } from 'vitest';
import type { AssessmentFacts } from '../../../src/activities/assess/check.ts';
import { checksOf } from '../../../src/activities/assess/checks.ts';
import { understands } from '../../../src/connectors/bigcommerce/mapping/understood.ts';
import { tallyOf } from '../../../src/domain/assessment.ts';
import { DEFAULT_MAPPING } from '../../../src/domain/mapping.ts';
import { SOURCE, TARGET } from '../../connectors/bigcommerce/forms.ts';

const none = tallyOf([]);
const FACTS: AssessmentFacts = {
  source: {
    ...SOURCE,
    currency: TARGET.currency,
    pricesIncludeTax: TARGET.pricesIncludeTax,
    weightUnit: TARGET.weightUnit,
    lengthUnit: TARGET.lengthUnit,
    timeZone: TARGET.timeZone,
    clockSkewMs: 0,
  },
  target: { ...TARGET, clockSkewMs: 0 },
  shop: {
    refused: [],
    orderStatuses: { completed: 3, processing: 1, 'checkout-draft': 9 },
    productTypes: { simple: 4, variable: 1 },
    taxClasses: { '': 5 },
    duplicateSkus: none,
    duplicateNames: none,
    tooManyVariants: none,
    missingEmails: none,
    duplicateEmails: none,
    deepCategories: none,
    missingPostcodes: none,
    leftBehind: [],
    customerGroups: { wholesale: 2 },
    unreachableImages: none,
    unreliableStamps: none,
  },
  store: { existing: {}, refused: [], mails: [], groups: ['4'], quota: { limit: 150, left: 149, windowMs: 30_000 } },
  mapping: DEFAULT_MAPPING,
  understands,
  entities: ['product', 'customer_group', 'customer', 'order'],
  requests: 20_000,
};
const shop = (more: Partial<AssessmentFacts['shop']>) => ({ ...FACTS, shop: { ...FACTS.shop, ...more } });

it('finds nothing between two stores that fit', () => {
  expect(checksOf(FACTS)).toEqual([]);
});

const source = (more: Partial<AssessmentFacts['source']>) => ({ ...FACTS, source: { ...FACTS.source, ...more } });
const store = (more: Partial<AssessmentFacts['store']>) => ({ ...FACTS, store: { ...FACTS.store, ...more } });
it('finds no difference in what the source does not have', () => {
  expect(checksOf(source({ weightUnit: null, lengthUnit: null, timeZone: null }))).toEqual([]);
});

const found = tallyOf(['1', '2', '3', '4', '5', '6', '7']);

it.each<[string, 'stop' | 'warning' | 'note', number, AssessmentFacts]>([
  ['currency-mismatch', 'stop', 1, source({ currency: 'JPY' })],
  ['tax-mode-mismatch', 'stop', 1, source({ pricesIncludeTax: !FACTS.source.pricesIncludeTax })],
  ['notifications-on', 'stop', 1, store({ mails: ['combined_order_status_email'] })],
  ['weight-unit-differs', 'note', 1, source({ weightUnit: FACTS.target.weightUnit === 'g' ? 'kg' : 'g' })],
  ['length-unit-differs', 'note', 1, source({ lengthUnit: FACTS.target.lengthUnit === 'mm' ? 'm' : 'mm' })],
  ['timezone-mismatch', 'note', 1, source({ timeZone: 'Pacific/Kiritimati' })],
  ['source-permission-missing', 'stop', 1, shop({ refused: ['order', 'coupon'] })],
  ['content-permission-missing', 'warning', 1, { ...shop({ refused: ['page'] }), entities: ['page'] }],
  ['target-permission-missing', 'stop', 1, store({ refused: ['customer'] })],
  ['target-not-empty', 'warning', 1, store({ existing: { product: 3 } })],
  ['order-status-unmapped', 'stop', 4, shop({ orderStatuses: { 'on-the-moon': 4, completed: 9 } })],
  ['tax-class-unmapped', 'stop', 2, shop({ taxClasses: { exotic: 2 } })],
  ['product-type-undecided', 'stop', 3, shop({ productTypes: { auction: 3 } })],
  ['pending-payments', 'warning', 6, shop({ orderStatuses: { pending: 6 } })],
  ['duplicate-skus', 'warning', 7, shop({ duplicateSkus: found })],
  ['duplicate-names', 'note', 7, shop({ duplicateNames: found })],
  ['too-many-variants', 'warning', 7, shop({ tooManyVariants: found })],
  ['missing-emails', 'warning', 7, shop({ missingEmails: found })],
  ['duplicate-emails', 'warning', 7, shop({ duplicateEmails: found })],
  ['category-depth', 'note', 7, shop({ deepCategories: found })],
  ['missing-postcodes', 'note', 7, shop({ missingPostcodes: found })],
  ['unreachable-images', 'warning', 7, shop({ unreachableImages: found })],
  ['unreliable-stamps', 'note', 7, shop({ unreliableStamps: found })],
  [
    'customer-group-unmapped',
    'stop',
    2,
    { ...FACTS, mapping: { ...DEFAULT_MAPPING, customerGroups: { wholesale: '9' } } },
  ],
  ['customer-group-unmapped', 'stop', 2, { ...FACTS, entities: ['customer'] }],
  ['quota-headroom', 'warning', 1, store({ quota: { limit: 150, left: 20, windowMs: 30_000 } })],
  ['quota-headroom', 'warning', 1, { ...FACTS, requests: 500_000 }],
  ['clock-skew', 'warning', 1, source({ clockSkewMs: -90_000 })],
])('says %s, with what it is about and what to do', (key, severity, count, facts) => {
  const [check, ...others] = checksOf(facts);
  expect(others).toEqual([]);
  expect(check).toMatchObject({ key, severity, count });
  expect(check?.samples.length).toBeLessThanOrEqual(5);
  expect(check?.message).toMatch(/\w+ \w+/);
  expect(check?.remedy).toMatch(/\w+ \w+/);
});

it.each([{ wholesale: '4' }, { wholesale: '' }])(
  'a group that the project chose is no question: %o',
  (customerGroups) => {
    const facts = { ...FACTS, entities: ['customer' as const], mapping: { ...DEFAULT_MAPPING, customerGroups } };
    expect(checksOf(facts)).toEqual([]);
  },
);

it('a store that says nothing of its quota is asked for nothing', () => {
  expect(checksOf({ ...store({ quota: null }), requests: 1e9 })).toEqual([]);
});

it('the project’s own decisions are decisions', () => {
  const words = { orderStatuses: { 'on-the-moon': 4 }, productTypes: { auction: 3 }, taxClasses: { exotic: 2 } };
  const mapping = {
    ...DEFAULT_MAPPING,
    orderStatuses: { 'on-the-moon': '3' },
    productTypes: { auction: 'hidden' as const },
    taxClasses: { exotic: '2' },
  };
  expect(checksOf({ ...shop(words), mapping })).toEqual([]);
});

it('what is left out of the mapping stops nobody, and stops come first', () => {
  const facts = shop({ orderStatuses: { 'on-the-moon': 4 }, duplicateNames: found, refused: ['order'] });
  expect(checksOf({ ...facts, entities: ['product'] }).map(({ key }) => key)).toEqual(['duplicate-names']);
  expect(checksOf(facts).map(({ severity }) => severity)).toEqual(['stop', 'stop', 'note']);
});
