import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CanonicalCustomer } from '../../src/domain/customer.ts';
import { address, customer } from '../connectors/bigcommerce/people-forms.ts';
import { type ApplyBench, openApplyBench } from './apply-bench.ts';

let bench: ApplyBench;
beforeAll(async () => {
  bench = await openApplyBench();
});
afterAll(() => bench.close());

const person = (n: number, more: Partial<CanonicalCustomer> = {}) =>
  customer({ email: `shopper${n}@example.test`, firstName: `Shopper ${n}`, ...more });
const there = () => [...bench.store.sandbox.store.customers.values()];
const deadLetters = async () => {
  const rows = bench.db.selectFrom('dead_letters').select('source_id');
  return (await rows.where('project_id', '=', bench.queue.projectId).execute()).map((row) => row.source_id);
};
const writes = () => bench.store.requests().filter((request) => !request.startsWith('GET'));

describe('customers', () => {
  it('are made ten in a request with their addresses, and a second read writes nothing', async () => {
    await bench.renew('people');
    for (let n = 1; n <= 12; n += 1) await bench.read('customer', String(n), person(n));
    await bench.drain();
    expect(there()).toHaveLength(12);
    expect(there().every(({ addresses }) => addresses.length === 1)).toBe(true);
    expect(writes().filter((request) => request === 'POST /v:n/customers')).toHaveLength(2);
    expect(bench.store.sandbox.store.outbox).toEqual([]);
    for (let n = 1; n <= 12; n += 1) await bench.read('customer', String(n), person(n));
    await bench.drain();
    expect(writes()).toEqual([]);
  });

  it('are changed by what changed alone, their addresses too', async () => {
    await bench.read('customer', '1', person(1, { lastName: 'Married', shipping: address({ city: 'Boston' }) }));
    await bench.drain();
    const first = there().find(({ email }) => email === 'shopper1@example.test');
    expect(first).toMatchObject({ last_name: 'Married', first_name: 'Shopper 1' });
    expect(first?.addresses.map(({ city }) => city)).toEqual(['New York', 'Boston']);
    await bench.read('customer', '1', person(1, { lastName: 'Married' }));
    await bench.drain();
    expect(first?.addresses.map(({ city }) => city)).toEqual(['New York']);
  });

  it('that take over the address of an account that was closed are made at once, before anybody swept', async () => {
    await bench.renew('people-anew');
    await bench.read('customer', '1', person(1));
    await bench.drain();
    bench.vanish('customer', '1');
    await bench.read('customer', '2', person(1, { firstName: 'Anew' }));
    await bench.drain();
    expect(await bench.apply()).toEqual({});
    expect(there().map(({ email, first_name: name }) => [email, name])).toEqual([['shopper1@example.test', 'Anew']]);
    expect(await deadLetters()).toEqual([]);
    const of = bench.db.selectFrom('record_history').select(['source_id', 'event']);
    expect(await of.where('project_id', '=', bench.queue.projectId).orderBy('id').execute()).toEqual([
      { source_id: '1', event: 'created' },
      { source_id: '1', event: 'deleted' },
      { source_id: '2', event: 'created' },
    ]);
  });

  it('of one address are a matter for a person where both are there', async () => {
    await bench.renew('people-twice');
    await bench.read('customer', '1', person(1));
    await bench.drain();
    for (let time = 0; time < 2; time++) {
      await bench.read('customer', '2', person(1));
      await bench.drain();
      expect(await bench.apply()).toEqual({});
      expect(await deadLetters()).toEqual(['2']);
    }
    expect(there()).toHaveLength(1);
  });

  it('keep each address once, however billing and shipping change places, part and meet again', async () => {
    await bench.renew('people-moving');
    // The rows of billing and shipping, in turn: the same, one moved away, changed over, one left, both new.
    const moves = ['AA', 'BA', 'AB', 'BB', 'AB', 'BC', 'CC', 'CA', 'DA', 'AD', 'DD', 'EF', 'FF', 'FE', 'EE'];
    for (const move of moves) {
      const [billing, shipping] = [move.slice(0, 1), move.slice(1)];
      await bench.read(
        'customer',
        '1',
        person(1, { billing: address({ city: billing }), shipping: address({ city: shipping }) }),
      );
      await bench.drain();
      const cities = there()[0]?.addresses.map(({ city }) => city);
      expect(cities?.toSorted(), `billing ${billing}, shipping ${shipping}`).toEqual(
        [...new Set([billing, shipping])].toSorted(),
      );
    }
  });

  it('make an address again that the merchant has taken away, once it changes', async () => {
    await bench.renew('people-robbed', { conflicts: { customer: 'source_wins' } });
    await bench.read('customer', '1', person(1));
    await bench.drain();
    there()[0]?.addresses.splice(0);
    await bench.read('customer', '1', person(1, { billing: address({ city: 'Boston' }) }));
    await bench.drain();
    expect(there()[0]?.addresses.map(({ city }) => city)).toEqual(['Boston']);
  });

  it.each(['now', 'never'] as const)(
    'are there once when the reply to their create is lost (applied: %s)',
    async (applied) => {
      await bench.renew(`people-lost-${applied}`);
      bench.store.sandbox.controls.faults.add([
        { method: 'POST', route: '^/v3/customers$', times: 1, fault: { kind: 'drop', applied } },
      ]);
      for (let n = 1; n <= 5; n += 1) await bench.read('customer', String(n), person(n));
      await bench.drain();
      expect(
        there()
          .map(({ email }) => email)
          .toSorted(),
      ).toEqual([1, 2, 3, 4, 5].map((n) => `shopper${n}@example.test`));
      expect(there().every(({ addresses }) => addresses.length === 1)).toBe(true);
      expect(await bench.apply()).toEqual({});
    },
  );

  it("leave the merchant's own account of an e-mail alone, and do not hold up their batch", async () => {
    await bench.renew('people-taken');
    const headers = { 'content-type': 'application/json', 'x-auth-token': 'sandbox-access-token' };
    const own = [{ email: 'Shopper2@example.test', first_name: 'Own', last_name: 'Account' }];
    const url = `${bench.store.sandbox.url}/stores/sandbox/v3/customers`;
    await fetch(url, { method: 'POST', headers, body: JSON.stringify(own) });
    for (let n = 1; n <= 4; n += 1) await bench.read('customer', String(n), person(n));
    await bench.drain();
    expect(
      there()
        .map(({ first_name: name }) => name)
        .toSorted(),
    ).toEqual(['Own', 'Shopper 1', 'Shopper 3', 'Shopper 4']);
    expect(await bench.apply()).toEqual({ 2: 'held' });
  });

  it('of one e-mail are one: the second account is a dead letter', async () => {
    await bench.renew('people-twins');
    await bench.read('customer', '1', person(1));
    await bench.read('customer', '2', person(1, { email: 'SHOPPER1@example.test', firstName: 'Twin' }));
    await bench.drain();
    expect(there()).toHaveLength(1);
    expect(await bench.apply()).toEqual({});
  });

  it('wait for the group of their role, which is adopted where the target has one of that name', async () => {
    await bench.renew('people-groups');
    const { store } = bench.store.sandbox;
    const { customerGroups } = store;
    const own = { is_default: false, is_group_for_guests: false, category_access: { type: 'all' }, discount_rules: [] };
    customerGroups.set(77, { id: 77, name: 'VIP', ...own, ...store.stamps() });
    const named = {
      entity: 'customer_group' as const,
      targetId: '77',
      kind: 'customer-group-name',
      scope: '',
      value: 'VIP',
    };
    await bench.queue.ledger.noteForeignKeys([named]);
    const hard = [{ entity: 'customer_group' as const, sourceId: 'vip', kind: 'hard' as const, field: 'role' }];
    await bench.read('customer', '1', person(1, { role: 'vip', group: 'vip' }), { references: hard });
    await bench.read('customer_group', 'vip', { name: 'vip' });
    await bench.drain();
    expect([...customerGroups.keys()]).toEqual([77]);
    expect(there()[0]?.customer_group_id).toBe(77);
    await bench.gone('customer', ['1']);
    await bench.drain();
    expect(there()).toEqual([]);
  });
});
