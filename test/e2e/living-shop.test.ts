import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Finding } from '../../src/sandbox/checker/report.ts';
import { compareStores, type Found } from './compare-stores.ts';
import { LiveStack } from './live-stack.ts';

/** A shop that nobody stops while it is followed: recent runs until it is quiet, then both stores say the same. */
const GIVEN = process.env['LIFE_SEED'] ?? '674030';
/** `new` draws one: how unknown faults are looked for. The suite lives through the same life each time. */
const SEED = GIVEN === 'new' ? 1 + Math.floor(Math.random() * 1_000_000) : Number(GIVEN);
/**
 * Left out: an order keeps what it was placed with, so that what is edited in it later differs by right (design P8, fidelity §7);
 * and a choice whose last variation goes stays at the target, where nobody can buy it.
 */
const LEFT_OUT = ['order.edit', 'variation.delete'];
/** Of an order: 0 where what it names is gone. */
const GONE = new Set(['customer_id', 'products.product_id']);
/** What made a name unique: a number, a SKU or an id. */
const ADDED = / \([^()]+\)$/;

let stack: LiveStack;
beforeAll(async () => {
  stack = await LiveStack.start(60, 23);
  await stack.createProject('shop');
  const { run } = await stack.fullRun('shop');
  if (run?.state !== 'completed') throw new Error(`the full run ${run?.state}: ${run?.endedReason}`);
});
afterAll(() => stack.stop());

async function recent(sweep: boolean) {
  const { state, reason, account } = await stack.recentRun('shop', sweep);
  return { state, reason, closed: account.closed };
}

it(`follows a shop that lives on (LIFE_SEED=${SEED})`, { timeout: 300_000 }, async () => {
  const { kinds: all } = await stack.admin<{ kinds: string[] }>('source', 'GET', 'life');
  const kinds = all.filter((kind) => !LEFT_OUT.includes(kind));
  for (let round = 0; round < 3; round++) {
    const lived = stack.admin('source', 'POST', 'life', { events: 40, seed: SEED + round, perSecond: 20, kinds });
    expect(await recent(round === 1)).toEqual({ state: 'completed', reason: null, closed: true });
    await lived;
  }
  expect(await recent(true)).toEqual({ state: 'completed', reason: null, closed: true });
  expect(wrong(await compareStores(stack))).toEqual([]);
});

function wrong({ lost = [], doubled = [], foreign = [], different = [] }: Found): readonly Finding[] {
  const gone = different.filter(({ entity, field, source }) => entity === 'order' && GONE.has(field) && source === '0');
  return [...lost, ...doubled, ...foreign, ...different.filter((one) => !differsByRight(one, gone))];
}

/** @param gone of orders, what they name that is not there any more */
function differsByRight(
  { entity, sourceId, field, rule, source, expected, target }: Finding,
  gone: readonly Finding[],
) {
  // Carried while its customer, or the product of a line, was there: the target goes on naming it, the source does not. And
  // the target names a line by the SKU that its product had on that day.
  const ofGone = gone.some((one) => one.sourceId === sourceId && one.field.split('.')[0] === field.split('.')[0]);
  if (entity === 'order' && (ofGone || field === 'products.sku')) return true;
  // What made a name unique is kept for good (design P6): who came second depends on the day, and his SKU may have been taken.
  if (rule === 'ADJUSTED name-made-unique') return expected.replace(ADDED, '') === target.replace(ADDED, '');
  // A link to what is gone since leads to the redirect that stands there (design P11), no more to the old host.
  return rule.endsWith('(N6)') && source.includes(stack.sourceUrl);
}
