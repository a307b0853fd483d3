import { afterAll, beforeAll, expect, it } from 'vitest';
import { openScope, type ScopeOpener } from '../../src/activities/open-scope.ts';
import { createRequestMeter } from '../../src/activities/request-meter.ts';
import { DEFAULT_MAPPING } from '../../src/domain/mapping.ts';
import { mappingFingerprint, updateMapping } from '../../src/ledger/mappings.ts';
import { saveProfiles } from '../../src/ledger/projects.ts';
import { closeRun, openRun } from '../../src/ledger/runs.ts';
import { type LedgerUnderTest, makeProject, openTestLedger } from '../ledger/ledger-under-test.ts';

let ledger: LedgerUnderTest;
beforeAll(async () => {
  ledger = await openTestLedger();
});
afterAll(() => ledger.close());

const attempt = { signal: new AbortController().signal, heartbeat: () => undefined };

function openerOn(targetStore: string) {
  const source = { entities: [{ entity: 'product', brings: ['stock'], modifiedFilter: true, pageSize: 100 }] };
  const target = { storeRef: targetStore, entities: ['product', 'stock', 'redirect'] };
  return {
    db: ledger.db,
    openStores: async () => ({ source, target }),
    meter: createRequestMeter(),
    settings: { concurrency: 4 },
    owner: 'test',
    waitForChanges: async () => undefined,
  } as unknown as ScopeOpener;
}

async function runOf(slug: string) {
  const project = await makeProject(ledger, slug);
  await saveProfiles(ledger.db, project.id, {}, {});
  const start = (mappingVersion: number) =>
    openRun(ledger.db, {
      projectId: project.id,
      kind: 'full',
      mappingVersion,
      mappingFingerprint: mappingFingerprint(DEFAULT_MAPPING),
    });
  const open = (run: string) => openScope(openerOn(project.targetStore), { project: slug, run }, attempt, false);
  return { project, start, open };
}

it('goes by the mapping that the run began with, whatever is changed meanwhile, and the next run by the new one', async () => {
  const { start, open } = await runOf('changed-mapping');
  const first = await start(1);
  await updateMapping(
    ledger.db,
    'changed-mapping',
    { ...DEFAULT_MAPPING, urls: 'native', entities: { stock: false } },
    'ops',
  );
  expect(await open('full-1')).toMatchObject({
    mapping: { version: 1, urls: 'keep' },
    entities: ['product', 'redirect', 'stock'],
  });
  await closeRun(ledger.db, first?.id ?? 0, 'completed', null);
  await start(2);
  expect(await open('full-2')).toMatchObject({
    mapping: { version: 2, urls: 'native' },
    entities: ['product', 'redirect'],
  });
});

it('works with no other store than the one that the project was made for', async () => {
  const { start } = await runOf('moved-target');
  await start(1);
  const elsewhere = openScope(
    openerOn('bigcommerce:other'),
    { project: 'moved-target', run: 'full-1' },
    attempt,
    false,
  );
  await expect(elsewhere).rejects.toThrow(
    'leads to bigcommerce:other, the project was made for bigcommerce:moved-target',
  );
});

it('says of a run that is not there that it is not', async () => {
  const { open } = await runOf('no-run');
  await expect(open('full-9')).rejects.toThrow('run full-9 of project no-run is not in the ledger');
});
