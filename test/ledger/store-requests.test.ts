import { afterAll, beforeAll, expect, it } from 'vitest';
import { noteRequests } from '../../src/activities/note-requests.ts';
import { createRequestMeter } from '../../src/activities/request-meter.ts';
import type { RequestFact } from '../../src/connectors/http/store-client.ts';
import { addRequests, storeRequests } from '../../src/ledger/store-requests.ts';
import { connectSource, type LedgerUnderTest, makeProject, openTestLedger } from './ledger-under-test.ts';

let ledger: LedgerUnderTest;
beforeAll(async () => {
  ledger = await openTestLedger();
});
afterAll(() => ledger.close());

const of = async (slug: string) =>
  (await storeRequests(ledger.db))
    .filter(({ store }) => store.endsWith(slug))
    .map((one) => Object.values(one).join(' '));

it('adds up what several processes counted at the same time', async () => {
  const project = await makeProject(ledger, 'added');
  await connectSource(ledger, project);
  const counts = [
    { side: 'target', outcome: 'ok', count: 3 },
    { side: 'source', outcome: 'ok', count: 2 },
    { side: 'target', outcome: 'busy', count: 1 },
  ] as const;
  await Promise.all(
    Array.from({ length: 12 }, (_, at) =>
      addRequests(ledger.db, project.id, at % 2 === 0 ? counts : counts.toReversed()),
    ),
  );
  expect(await of('added')).toEqual([
    'bigcommerce:added busy 12',
    'bigcommerce:added ok 36',
    'woocommerce:key-added ok 24',
  ]);
});

it('counts for a store, whichever project asked it', async () => {
  const project = await makeProject(ledger, 'shared');
  await addRequests(ledger.db, project.id, [{ side: 'target', outcome: 'ok', count: 1 }]);
  await addRequests(ledger.db, project.id, [{ side: 'target', outcome: 'ok', count: 4 }]);
  // Without a connection to its source a project has no source to count for.
  await addRequests(ledger.db, project.id, [{ side: 'source', outcome: 'ok', count: 1 }]);
  expect(await of('shared')).toEqual(['bigcommerce:shared ok 5']);
});

it('brings what a process counted to the ledger once, later when the ledger is away', async () => {
  const { id } = await makeProject(ledger, 'noted');
  const meter = createRequestMeter();
  const fact: RequestFact = {
    method: 'GET',
    route: 'orders',
    status: 200,
    ms: 1,
    attempt: 1,
    cause: null,
    failure: null,
  };
  meter.of(id, 'target')(fact);
  await noteRequests({ db: null as never, meter }, id);
  expect(await of('noted')).toEqual([]);
  meter.of(id, 'target')(fact);
  for (let turn = 0; turn < 2; turn += 1) await noteRequests({ db: ledger.db, meter }, id);
  expect(await of('noted')).toEqual(['bigcommerce:noted ok 2']);
});
