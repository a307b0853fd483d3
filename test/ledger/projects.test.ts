import { mappingFingerprint, mappingVersions, updateMapping } from '../../src/ledger/mappings.ts';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ENTITIES } from '../../src/domain/entity.ts';
import { DEFAULT_MAPPING, type Mapping } from '../../src/domain/mapping.ts';
import {
  createProject,
  deleteProject,
  FORGOTTEN,
  getProject,
  isPaused,
  listProjects,
  setPause,
} from '../../src/ledger/projects.ts';
import { closeRun, openRun } from '../../src/ledger/runs.ts';
import { connectSource, type LedgerUnderTest, makeProject, openTestLedger } from './ledger-under-test.ts';

let ledger: LedgerUnderTest;
beforeAll(async () => {
  ledger = await openTestLedger();
});
afterAll(() => ledger.close());

const create = (slug: string, targetStore: string, mapping: Mapping = DEFAULT_MAPPING) =>
  createProject(ledger.db, { slug, mapping, options: {}, sourceKey: 'src', targetStore });
const only = (entity: string): Mapping => ({
  ...DEFAULT_MAPPING,
  entities: Object.fromEntries(ENTITIES.map((one) => [one, one === entity])),
});

it('gives a name to one of two that ask at once', async () => {
  const both = await Promise.all([create('wanted', 'store-a'), create('wanted', 'store-b')]);
  expect(both.filter((creation) => creation.created)).toHaveLength(1);
  expect(both).toContainEqual(expect.objectContaining({ created: false, reason: 'name-taken' }));
});

it('gives a target store to one of two that ask at once for the same entities', async () => {
  const both = await Promise.all([create('left', 'one-store'), create('right', 'one-store')]);
  expect(both.filter((creation) => creation.created)).toHaveLength(1);
  expect(both).toContainEqual(expect.objectContaining({ created: false, reason: 'entities-overlap' }));
});

it('lets two projects share a target store when their entities differ', async () => {
  expect((await create('brands', 'split', only('brand'))).created).toBe(true);
  expect((await create('pages', 'split', only('page'))).created).toBe(true);
  expect(await create('more-pages', 'split', only('page'))).toMatchObject({ reason: 'entities-overlap' });
});

it('never gives the name of a deleted project again, but frees its target', async () => {
  const project = await makeProject(ledger, 'deleted');
  await connectSource(ledger, project);
  expect(await deleteProject(ledger.db, 'deleted')).toBe('deleted');
  expect(await getProject(ledger.db, 'deleted')).toBeNull();
  expect(await create('deleted', 'elsewhere')).toMatchObject({ created: false, reason: 'name-of-a-deleted-project' });
  expect((await create('successor', project.targetStore)).created).toBe(true);
  const { rows } = await sql`SELECT FROM connections WHERE project_id = ${project.id}`.execute(ledger.db);
  expect(rows).toEqual([]);
  expect(await deleteProject(ledger.db, 'deleted')).toBe('unknown');
});

it('deletes nothing while a run is open', async () => {
  const { id } = await makeProject(ledger, 'busy');
  const run = await openRun(ledger.db, { projectId: id, kind: 'full', mappingVersion: 1, mappingFingerprint: 'f' });
  expect(await deleteProject(ledger.db, 'busy')).toBe('run-open');
  expect(await getProject(ledger.db, 'busy')).not.toBeNull();
  await closeRun(ledger.db, run?.id ?? 0, 'cancelled', null);
  expect(await deleteProject(ledger.db, 'busy')).toBe('deleted');
});

it('lists in order of creation, page after page, without deleted ones', async () => {
  for (const slug of ['page-1', 'page-2', 'page-3']) await makeProject(ledger, slug);
  await deleteProject(ledger.db, 'page-2');
  const first = await getProject(ledger.db, 'page-1');
  const rest = await listProjects(ledger.db, { after: first?.id ?? 0, limit: 1 });
  expect(rest.map((project) => project.slug)).toEqual(['page-3']);
});

it('keeps the time of the first pause and takes the last reason', async () => {
  const { id } = await makeProject(ledger, 'paused');
  expect(await isPaused(ledger.db, id)).toBe(false);
  await setPause(ledger.db, id, 'first');
  const since = (await getProject(ledger.db, 'paused'))?.pausedAt;
  await setPause(ledger.db, id, 'second');
  expect(await isPaused(ledger.db, id)).toBe(true);
  expect(await getProject(ledger.db, 'paused')).toMatchObject({ pausedAt: since, pauseReason: 'second' });
  await setPause(ledger.db, id, null);
  expect(await getProject(ledger.db, 'paused')).toMatchObject({ pausedAt: null, pauseReason: null });
});

it('counts versions of a mapping, and fingerprints the choices and not their order', async () => {
  await makeProject(ledger, 'remapped');
  expect(await updateMapping(ledger.db, 'remapped', { ...DEFAULT_MAPPING, urls: 'native' }, 'ann')).toBe(2);
  expect(await updateMapping(ledger.db, 'nowhere', DEFAULT_MAPPING, 'ann')).toBeNull();
  const project = await getProject(ledger.db, 'remapped');
  const versions = await mappingVersions(ledger.db, project?.id ?? 0, { before: null, limit: 9 });
  expect(versions).toMatchObject([
    { version: 2, madeBy: 'ann', mapping: { urls: 'native' } },
    { version: 1, mapping: { urls: 'keep' } },
  ]);
  const turned = Object.fromEntries(Object.entries(DEFAULT_MAPPING).toReversed()) as unknown as Mapping;
  expect(mappingFingerprint(turned)).toBe(mappingFingerprint(DEFAULT_MAPPING));
  expect(mappingFingerprint({ ...DEFAULT_MAPPING, urls: 'native' })).not.toBe(mappingFingerprint(DEFAULT_MAPPING));
});

const noConnection = () => Promise.reject(new Error('no connection'));

it('is not there at all when what belongs to it from the start cannot be stored', async () => {
  const project = {
    slug: 'unfurnished',
    mapping: DEFAULT_MAPPING,
    options: {},
    sourceKey: 'src',
    targetStore: 'store:u',
  };
  await expect(createProject(ledger.db, project, noConnection)).rejects.toThrow('no connection');
  expect(await getProject(ledger.db, 'unfurnished')).toBeNull();
  expect((await createProject(ledger.db, project)).created).toBe(true);
});

/** What stays of a project that is deleted: what was decided and done, no value of any record. */
const KEPT = ['decisions', 'gates', 'mapping_versions', 'record_history', 'runs'];

it('what a deleted project leaves behind is decided for every table', async () => {
  const { rows } = await sql<{ name: string }>`
    SELECT c.table_name AS name FROM information_schema.columns c
    WHERE c.column_name = 'project_id' AND c.table_schema = current_schema()`.execute(ledger.db);
  const undecided = rows.map(({ name }) => name).filter((name) => !(FORGOTTEN as readonly string[]).includes(name));
  expect(undecided.toSorted()).toEqual(KEPT);
});
