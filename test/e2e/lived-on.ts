import { expect } from 'vitest';
import type { Finding } from '../../src/sandbox/checker/report.ts';
import { compareWhole } from './compare-stores.ts';
import type { LiveStack } from './live-stack.ts';

/**
 * Left out: an order keeps what it was placed with, so that what is edited in it later differs by right (design P8, fidelity §7);
 * and a choice whose last variation goes stays at the target, where nobody can buy it.
 */
const LEFT_OUT = ['order.edit', 'variation.delete'];
/** Of an order: 0 where what it names is gone. */
const GONE = new Set(['customer_id', 'products.product_id']);
/** What made a name unique: a number, a SKU or an id. */
const ADDED = / \([^()]+\)$/;
const PER_SECOND = 20;
/** Events of a stretch of a life that goes on until it is ended: it ends within two seconds. */
const STRETCH = 40;

/**
 * Where a life lasts as long as the work takes, it is another on each machine: one that ends wrong is told of and played once more,
 * so that a chance in a thousand does not stop everybody, and a fault that is there does.
 */
export const PLAYED_AGAIN = { retry: 1 } as const;

/** `LIFE_SEED=new` draws one: how unknown faults are looked for. Else the life is the same each time. */
export function lifeSeed(own: number): number {
  const given = process.env['LIFE_SEED'] ?? String(own);
  return given === 'new' ? 1 + Math.floor(Math.random() * 1_000_000) : Number(given);
}

/** So many things happen in the shop, 20 a second, of kinds that both stores can be equal after. */
export async function liveFor(stack: LiveStack, events: number, seed?: number): Promise<void> {
  const { kinds: all } = await stack.admin<{ kinds: string[] }>('source', 'GET', 'life');
  const kinds = all.filter((kind) => !LEFT_OUT.includes(kind));
  const row = seed === undefined ? {} : { seed };
  await stack.admin('source', 'POST', 'life', { events, perSecond: PER_SECOND, kinds, ...row });
}

/** The shop lives, 20 changes a second, for as long as the work takes; returns how many there were. */
export async function whileShopLives(stack: LiveStack, seed: number, work: () => Promise<void>): Promise<number> {
  const over = new AbortController();
  const life = (async () => {
    await liveFor(stack, STRETCH, seed);
    while (!over.signal.aborted) await liveFor(stack, STRETCH);
  })();
  // A life that cannot go on is told of when the work is done: it must not end the process before.
  const lived = life.catch((error: unknown) => error);
  try {
    await work();
  } finally {
    over.abort();
    await lived;
  }
  await life;
  return (await stack.admin<{ events: number }>('source', 'GET', 'life')).events;
}

/** What one says of a recent run that came to its end. */
export const WELL = { state: 'completed', reason: null, closed: true } as const;

export async function recent(stack: LiveStack, project: string, sweep = false) {
  const { state, reason, account, written } = await stack.recentRun(project, sweep);
  return { ended: { state, reason, closed: account.closed }, written };
}

/** Recent runs of a shop that is still: one that sweeps, then others until one writes nothing. Returns what each wrote. */
export async function recentUntilQuiet(stack: LiveStack, project: string, most = 6): Promise<readonly number[]> {
  const written: number[] = [];
  while (written.length < most) {
    const run = await recent(stack, project, written.length === 0);
    expect(run.ended).toEqual(WELL);
    written.push(run.written);
    if (written.length > 1 && run.written === 0) return written;
  }
  throw new Error(`expected a recent run of a shop that is still to write nothing, got ${written.join(', ')}`);
}

/** As the API shows a record. */
interface Known {
  readonly record: { readonly state: string; readonly targetId: string | null } | null;
  readonly deadLetter: { readonly reason: string } | null;
  readonly references: readonly { readonly toEntity: string; readonly toSourceId: string }[];
  readonly history: readonly { readonly at: string; readonly event: string }[];
}

/** The checker finds nothing wrong; else what became of the first that are, and of what they refer to. */
export async function expectEqual(stack: LiveStack, project: string): Promise<void> {
  const wrong = await wrongAfterLife(stack);
  if (wrong.length === 0) return;
  const look = async (entity: string, sourceId: string) => {
    const known = (await stack.api.record(project, entity, sourceId).catch(() => null)) as Known | null;
    const { record, deadLetter, history } = known ?? { record: null, deadLetter: null, history: [] };
    const events = history.map(({ at, event }) => `${at} ${event}`).toReversed();
    const state = `${record?.state}, at the target ${record?.targetId}, dead letter: ${deadLetter?.reason ?? 'none'}`;
    return { known, told: [`${entity} ${sourceId}: ${state}`, ...events] };
  };
  const histories: string[] = [];
  for (const { entity, sourceId } of wrong.slice(0, 3)) {
    const { known, told } = await look(entity, sourceId ?? '');
    histories.push(...told);
    for (const to of known?.references ?? []) histories.push(...(await look(to.toEntity, to.toSourceId)).told);
  }
  // Also where the test is played again: what one life found is to be known.
  console.error(JSON.stringify({ wrong, histories }, null, 1));
  expect({ wrong, histories }).toEqual({ wrong: [], histories: [] });
}

/** What the independent checker finds wrong with a target whose shop lived on, without what differs by right. */
async function wrongAfterLife(stack: LiveStack): Promise<readonly Finding[]> {
  const { lost, doubled, foreign, different } = await compareWhole(stack);
  const gone = different.filter(({ entity, field, source }) => entity === 'order' && GONE.has(field) && source === '0');
  const { products, customers } = await stack.admin<Record<'products' | 'customers', { id: number }[]>>(
    'target',
    'GET',
    'state',
  );
  const there = { 'products.product_id': idsOf(products), customer_id: idsOf(customers) };
  const wrong = different.filter((one) => !namesFormer(one, there) && !differsByRight(one, gone, stack.sourceUrl));
  return [...lost, ...doubled, ...foreign, ...wrong];
}

const idsOf = (rows: readonly { id: number }[]) => new Set(rows.map(({ id }) => String(id)));

/** An order goes on naming the product or the account that it was placed with: one that went and came back is another there. */
function namesFormer(
  { entity, field, target }: Finding,
  there: Readonly<Record<string, ReadonlySet<string>>>,
): boolean {
  const living = there[field];
  return entity === 'order' && living !== undefined && target !== '0' && !living.has(target);
}

/** @param gone of orders, what they name that is not there any more */
function differsByRight(
  { entity, sourceId, field, rule, source, expected, target }: Finding,
  gone: readonly Finding[],
  shopUrl: string,
) {
  // Carried while its customer, or the product of a line, was there: the target goes on naming it, the source does not. And
  // the target names a line by the SKU that its product had on that day.
  const ofGone = gone.some((one) => one.sourceId === sourceId && one.field.split('.')[0] === field.split('.')[0]);
  if (entity === 'order' && (ofGone || field === 'products.sku')) return true;
  // What made a name unique is kept for good (design P6): who came second depends on the day, and his SKU may have been taken.
  if (rule === 'ADJUSTED name-made-unique') return expected.replace(ADDED, '') === target.replace(ADDED, '');
  // A link to what is gone since leads to the redirect that stands there (design P11), no more to the old host.
  return rule.endsWith('(N6)') && source.includes(shopUrl);
}
