import { describe, expect, it } from 'vitest';
import { StoreFailure, type StoreFailureKind } from '../../../src/connectors/http/failures.ts';
import { duplicateKind, namedIndexes, refusalText } from '../../../src/connectors/bigcommerce/refusals.ts';
import { outcomeOfFailure, outcomesOfBatchFailure } from '../../../src/connectors/bigcommerce/writing/outcomes.ts';
import type { WriteItem } from '../../../src/connectors/target.ts';

const item = (id: string): WriteItem => ({
  id,
  ref: { entity: 'product', sourceId: id },
  action: 'update',
  targetId: id,
  desired: {},
  bundle: {},
  lastDesired: null,
  base: null,
  children: [],
});
const failure = (kind: StoreFailureKind, body?: unknown, status = 422) =>
  new StoreFailure(kind, 'PUT things: refused', { status, body, retryAfterMs: kind === 'busy' ? 7_000 : null });

describe('the words of an error body', () => {
  it.each([
    [
      { status: 422, title: 'Missing Required Fields', type: '/x', errors: { name: 'Please provide a name.' } },
      'Missing Required Fields; name: Please provide a name.',
    ],
    [[{ status: 400, message: 'The field is read-only' }], 'The field is read-only'],
    [
      { batch_errors: [{ status: 422, title: 'Bad', errors: { '0': 'Sku is not unique' } }] },
      'Bad; 0: Sku is not unique',
    ],
    [{ data: [{ name: 'secret' }], errors: { status: 422, errors: { '1.url': 'taken' } } }, '1.url: taken'],
    ['plain', 'plain'],
    [undefined, ''],
    [null, ''],
  ])('%j', (body, text) => {
    expect(refusalText(body)).toBe(text);
  });

  it('are cut, however long or deep the body is', () => {
    let deep: unknown = 'end';
    for (let depth = 0; depth < 50; depth++) deep = { errors: deep };
    expect(refusalText(deep)).toBe('');
    expect(refusalText({ title: 'x'.repeat(9_000) })).toHaveLength(500);
  });
});

describe('places in a batch', () => {
  it.each([
    [{ errors: { '0.email': 'a', '12.name': 'b' } }, { 0: 'a', 12: 'b' }],
    [{ errors: { status: 422, title: 'x', errors: { '1.url': 'taken' } } }, { 1: 'taken' }],
    [{ batch_errors: [{ title: 't', errors: { '2': 'Sku' } }] }, { 2: 'Sku' }],
    [{ errors: [{ status: 422, errors: { '3': 'key' } }] }, { 3: 'key' }],
    [{ errors: { 'items.4': 'level' } }, { 4: 'level' }],
    [{ errors: { name: 'no place' } }, {}],
    ['text', {}],
    [null, {}],
  ])('of %j', (body, places) => {
    expect(Object.fromEntries(namedIndexes(body))).toEqual(places);
  });
});

describe('duplicates', () => {
  it.each([
    ['The product name is a duplicate: a sku', 'product-name'],
    ['The product sku is a duplicate; sku: x', 'sku'],
    ['Sku the-name is not unique', 'sku'],
    ['The product custom url is a duplicate', 'path'],
    ['custom_url: already taken', 'path'],
    ['Something is taken', null],
    ['The name is too long', 'other'],
  ])('%s → %s', (text, kind) => {
    expect(duplicateKind(text, 'product-name')).toBe(kind);
  });

  it('of a name that is unique only inside the record are no key of ours', () => {
    expect(duplicateKind('The display name Size has already been used', null)).toBe('other');
  });
});

describe('what a failure means to an item', () => {
  it.each([
    ['busy', { outcome: 'not-sent', retryAfterMs: 7_000 }],
    ['unreachable', { outcome: 'not-sent' }],
    ['uncertain', { outcome: 'uncertain' }],
    ['unintelligible', { outcome: 'uncertain' }],
    ['missing', { outcome: 'missing' }],
    ['rejected', { outcome: 'rejected', reason: expect.stringContaining('BigCommerce did not take it') }],
  ] as const)('%s', (kind, outcome) => {
    expect(outcomeOfFailure(item('1'), failure(kind), 'product-name')).toMatchObject({ id: '1', ...outcome });
  });

  it.each(['credentials-rejected', 'permission-missing', 'limit-reached', 'address-refused'] as const)(
    '%s stops everything',
    (kind) => {
      const error = failure(kind);
      expect(() => outcomeOfFailure(item('1'), error, null)).toThrow(error);
    },
  );

  it('is thrown on when it is no failure of a store', () => {
    expect(() => outcomeOfFailure(item('1'), new TypeError('ours'), null)).toThrow(TypeError);
  });
});

describe('a batch that is refused as a whole', () => {
  const items = ['1', '2', '3'].map(item);

  it('has one offender when the store names it; the others may be innocent', () => {
    const error = failure('rejected', { errors: { '1.name': 'The name is a duplicate' } });
    const outcomes = outcomesOfBatchFailure(items, error, 'category-name', namedIndexes(error.body));
    expect(outcomes.map(({ outcome }) => outcome)).toEqual(['batch-failed', 'duplicate', 'batch-failed']);
  });

  it('has none when the store names none, and all are unknown', () => {
    const outcomes = outcomesOfBatchFailure(items, failure('rejected', { title: 'Bad' }), null, new Map());
    expect(outcomes.map(({ outcome }) => outcome)).toEqual(['batch-failed', 'batch-failed', 'batch-failed']);
  });

  it('of one is its own offender', () => {
    const outcomes = outcomesOfBatchFailure([item('1')], failure('rejected', { title: 'Bad' }), null, new Map());
    expect(outcomes).toMatchObject([{ outcome: 'rejected' }]);
  });

  it('that was lost is uncertain for each', () => {
    const outcomes = outcomesOfBatchFailure(items, failure('uncertain'), null, new Map([[0, 'x']]));
    expect(outcomes.every(({ outcome }) => outcome === 'uncertain')).toBe(true);
  });
});
