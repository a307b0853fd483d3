import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CanonicalOrder } from '../../src/domain/order.ts';
import { line, note, order, refund } from '../connectors/bigcommerce/orders/order-form.ts';
import { type ApplyBench, openApplyBench } from './apply-bench.ts';
import { conflictDesk } from './conflict-desk.ts';
import { trashedOrder } from './trashed-order.ts';

let bench: ApplyBench;
beforeAll(async () => {
  bench = await openApplyBench();
});
afterAll(() => bench.close());

const { onlyConflict, resolve, history } = conflictDesk(() => bench);
const { only, living, read, fields, lose, paired, trashed } = trashedOrder(() => bench);
const events = async () => (await history()).map(({ event }) => event);
const archive = (id: number) =>
  fetch(`${bench.store.sandbox.url}/stores/sandbox/v2/orders/${id}`, {
    method: 'DELETE',
    headers: { 'x-auth-token': 'sandbox-access-token' },
  });

/** Made, deleted at the source, and the reply to our delete is lost: the id it had. */
async function goneInDoubt(applied: 'now' | 'never' = 'now'): Promise<number> {
  await read();
  await bench.drain();
  const { id } = only();
  lose('DELETE', '^/v2/orders/', applied);
  await bench.gone('order', ['1']);
  await bench.apply();
  return id;
}

/** There once, under its own id, as the source has it, and settled: a look at the target finds nothing to write. */
async function expectItself(id: number, status = 11): Promise<void> {
  expect(only()).toMatchObject({ id, is_deleted: false, status_id: status });
  expect(await paired()).toEqual([String(id)]);
  expect(await bench.audit()).toBe(0);
  expect(only().is_deleted).toBe(false);
}

describe('an order that comes out of the trash', () => {
  it('is the one that it was, up to date, with no mail of a status that is as it was', async () => {
    const first = { notes: [note('5')], refunds: [refund('6', '3.00')] };
    const id = await trashed('restored', first);
    bench.store.sandbox.store.settings.emails['combined_order_status_email'] = true;
    const second: Partial<CanonicalOrder> = {
      ...first,
      notes: [note('5'), note('7', { text: 'Send it again' })],
      total: { incTax: '30.00', tax: '2.50' },
    };
    await read(second);
    await bench.drain();
    expect(bench.store.requests()).toEqual([
      'GET /v:n/orders/:n',
      'GET /v:n/orders/:n/metafields',
      'PUT /v:n/orders/:n',
      'GET /v:n/orders/:n/products',
      'PUT /v:n/orders/metafields',
    ]);
    await expectItself(id);
    expect(only()).toMatchObject({ total_inc_tax: '30.0000', staff_notes: expect.stringContaining('Send it again') });
    expect(fields(id)['notes']).toContain('Send it again');
    expect(bench.store.sandbox.store.outbox).toEqual([]);
    expect((await history()).at(-1)).toMatchObject({ event: 'restored', detail: { targetId: String(id) } });
    bench.store.requests();
    await read(second);
    await bench.drain();
    await bench.read('order', '1', order(second), { reason: 'resync' });
    await bench.drain();
    expect(bench.store.requests().filter((request) => !request.startsWith('GET'))).toEqual([]);
  });

  it('holds no more than it has now, and says that its lines stay as they were', async () => {
    const id = await trashed('restored-less', { notes: [note('5')], refunds: [refund('6', '3.00')] });
    expect(Object.keys(fields(id))).toEqual(expect.arrayContaining(['notes', 'refunds', 'refund_total']));
    await read({ lines: [line('2', { quantity: '3' })] });
    await bench.drain();
    await expectItself(id);
    expect(only().staff_notes).not.toContain('Call first');
    expect(Object.keys(fields(id)).toSorted()).toEqual(['lines', 'order_number', 'origin', 'source_id']);
    expect(only().products).toMatchObject([{ quantity: 2 }]);
    const adjusted = await bench.db.selectFrom('adjustments').select('key').execute();
    expect(adjusted).toContainEqual({ key: 'order-lines-frozen' });
    const children = bench.db.selectFrom('children').select('child_source_id');
    const known = await children.where('project_id', '=', bench.queue.projectId).execute();
    expect(known.map((row) => row.child_source_id)).not.toContain('storeferry/notes');
  });

  it('goes and comes back as often as it is asked to; what was read before it went changes nothing', async () => {
    const id = await trashed('restored-often');
    const [start, end] = [await bench.queue.ledger.readNumber(), await bench.queue.ledger.readNumber()];
    for (const status of ['completed', 'processing']) {
      await read({ status });
      await bench.drain();
      await expectItself(id, status === 'completed' ? 10 : 11);
      await bench.gone('order', ['1']);
      await bench.drain();
      expect(only().is_deleted).toBe(true);
    }
    const late = { read: { start, end }, modifiedAt: null, contentHash: 'late', hashVersion: 1 };
    const canonical = order({ status: 'cancelled' });
    const ref = { entity: 'order' as const, sourceId: '1' };
    const payload = { ...ref, modifiedAt: null, canonical, contentHash: 'late', references: [], urls: [], reports: [] };
    await bench.queue.ledger.enqueue([{ kind: 'upsert', ref, reason: 'copy', version: late, payload }]);
    await bench.drain();
    expect(only().is_deleted).toBe(true);
    await read();
    await bench.queue.ledger.enqueue([{ kind: 'upsert', ref, reason: 'copy', version: late, payload }]);
    await bench.drain();
    await expectItself(id);
  });

  it.each(['now', 'never'] as const)('is brought back once when the reply is lost (applied: %s)', async (applied) => {
    const id = await trashed(`restored-lost-${applied}`, { notes: [note('5')] });
    lose('PUT', '^/v2/orders/', applied);
    await read({ status: 'completed', lines: [line('2', { quantity: '3' })] });
    await bench.drain();
    await expectItself(id, 10);
    expect(await events()).toContain('restored');
    expect(fields(id)['notes']).toBeUndefined();
    const adjusted = bench.db.selectFrom('adjustments').select('key');
    expect(await adjusted.where('project_id', '=', bench.queue.projectId).execute()).toContainEqual({
      key: 'order-lines-frozen',
    });
  });

  it('is found by the next worker when the first dies on the next line, also if the source has gone on', async () => {
    const id = await trashed('restored-dies', { notes: [note('5')] });
    await read({ status: 'completed' });
    await bench.die();
    expect(only().is_deleted).toBe(false);
    await read({ status: 'cancelled' });
    await bench.drain();
    await expectItself(id, 5);
    expect(fields(id)['notes']).toBeUndefined();
  });

  it.each(['dies', 'lost'] as const)('goes again when it is trashed before anybody knows of it (%s)', async (how) => {
    const id = await trashed(`restored-trashed-${how}`);
    await read();
    if (how === 'lost') {
      lose('PUT', '^/v2/orders/', 'now');
      await bench.apply();
    } else await bench.die();
    expect(living()).toHaveLength(1);
    await bench.gone('order', ['1']);
    await bench.drain();
    expect(living()).toEqual([]);
    await read();
    await bench.drain();
    await expectItself(id);
  });

  it.each(['now', 'never'] as const)('comes back though nobody heard that it went (applied: %s)', async (applied) => {
    await bench.renew(`restored-unheard-${applied}`);
    const id = await goneInDoubt(applied);
    await read({ status: 'completed' });
    await bench.drain();
    expect(await bench.apply()).toEqual({});
    await expectItself(id, 10);
  });

  it('comes back when it is first heard of again while the delete is in doubt', async () => {
    await bench.renew('restored-hinted');
    const id = await goneInDoubt();
    await read({ status: 'completed' });
    const after = await bench.queue.ledger.readNumber();
    const ref = { entity: 'order', sourceId: '1' } as const;
    await bench.queue.ledger.enqueue([{ kind: 'fetch', ref, reason: 'hint', after }]);
    await bench.drain();
    expect(await bench.apply()).toEqual({});
    await expectItself(id, 10);
    expect(await events()).toEqual(['created', 'deleted', 'restored']);
  });

  it('comes back, too, when nobody heard that it went and its return is put off', async () => {
    await bench.renew('restored-put-off');
    const id = await goneInDoubt();
    bench.store.fail('^/v3/orders/\\d+/metafields$', { kind: 'status', code: 503 }, 4);
    await read();
    await bench.drain();
    await expectItself(id);
    expect((await events()).slice(-1)).toEqual(['restored']);
  });

  it('is taken as it is when somebody has brought it back already', async () => {
    const id = await trashed('restored-by-hand');
    only().is_deleted = false;
    await read();
    await bench.drain();
    expect(bench.store.requests().filter((request) => request.endsWith('orders/:n'))).toEqual(['GET /v:n/orders/:n']);
    await expectItself(id);
  });

  it('is made anew when its former self is gone, or bears no id of ours any more', async () => {
    const away = await trashed('restored-erased');
    bench.store.sandbox.store.orders.delete(away);
    await read();
    await bench.drain();
    expect(only()).toMatchObject({ is_deleted: false });
    expect((await events()).at(-1)).toBe('created');

    const foreign = await trashed('restored-foreign');
    only().external_order_id = '4711';
    await read();
    await bench.drain();
    expect(living().map((row) => row.id)).not.toContain(foreign);
    expect(living()).toHaveLength(1);
  });
});

async function archivedByHand(slug: string): Promise<number> {
  await bench.renew(slug);
  await read({ notes: [note('5')] });
  await bench.drain();
  const { id } = only();
  await archive(id);
  await read({ status: 'completed' });
  expect(await bench.apply()).toEqual({ 1: 'held' });
  await resolve(await onlyConflict(), 'source');
  return id;
}

describe('an order that somebody archived at the target', () => {
  it.each(['heard', 'now', 'never'] as const)('is brought back by the decision `source` (reply: %s)', async (reply) => {
    const id = await archivedByHand(`decided-${reply}`);
    if (reply !== 'heard') lose('PUT', '^/v2/orders/', reply);
    await bench.drain();
    expect(await bench.apply()).toEqual({});
    await expectItself(id, 10);
    expect((await events()).at(-1)).toBe('restored');
    expect(fields(id)).toMatchObject({ order_number: '1001' });
    expect(fields(id)['notes']).toBeUndefined();
  });
});
