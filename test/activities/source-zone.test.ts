import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { planSlices } from '../../src/activities/plan-slices.ts';
import type { RunScope } from '../../src/activities/run-scope.ts';
import { heedZone, heedZoneAfterPause } from '../../src/activities/source-zone.ts';
import { completeOptions } from '../../src/domain/project-options.ts';
import { listDecisions } from '../../src/ledger/decisions.ts';
import { getProject, type Project, setPause } from '../../src/ledger/projects.ts';
import { noteSweep } from '../../src/ledger/records/sweeps.ts';
import { closeRun, getRun, openRun, type Run } from '../../src/ledger/runs.ts';
import { startCapture } from '../../src/ledger/watermarks.ts';
import { type LedgerUnderTest, makeProject, openTestLedger } from '../ledger/ledger-under-test.ts';

let ledger: LedgerUnderTest;
let project: Project;
let number = 0;
beforeAll(async () => {
  ledger = await openTestLedger();
});
afterAll(() => ledger.close());
beforeEach(async () => {
  project = await makeProject(ledger, `zone-${(number += 1)}`);
});

const NEW_YORK = 'America/New_York';
const ENTITIES = ['product', 'order'] as const;

async function begin(kind: Run['kind'] = 'recent'): Promise<Run> {
  const run = await openRun(ledger.db, { projectId: project.id, kind, mappingVersion: 1, mappingFingerprint: 'f' });
  if (run === null) throw new Error('a run is open already');
  return run;
}
const end = ({ id }: Run, outcome: 'completed' | 'failed' = 'completed') => closeRun(ledger.db, id, outcome, null);
const asKept = async ({ name }: Run) => (await getRun(ledger.db, project.id, name)) as Run;

/** A run as an activity of it sees it: the source lists two records of each entity, by change. */
async function scopeOf(run: Run, timeZone: string | null) {
  const looks = { count: 0 };
  const scope = {
    db: ledger.db,
    projectId: project.id,
    runId: run.id,
    targetStore: project.targetStore,
    run: await asKept(run),
    options: completeOptions(null),
    entities: ENTITIES,
    scannedEntities: ENTITIES,
    settings: { concurrency: 2 },
    sourceProfile: { timeZone, clockSkewMs: 0 },
    targetProfile: {},
    source: {
      storeKey: 'k',
      entities: ENTITIES.map((entity) => ({ entity, modifiedFilter: true })),
      async *scan() {
        yield ['1', '2'].map((sourceId) => ({ sourceId }));
      },
      check: async () => {
        looks.count += 1;
        return { timeZone, clockSkewMs: 0 };
      },
    },
    target: { entities: [], entity: () => ({}) },
    mapping: {},
    signal: new AbortController().signal,
    heartbeat: () => undefined,
  } as unknown as RunScope;
  return { scope, looks };
}

/** A run that finds this zone. */
async function found(timeZone: string | null, kind: Run['kind'] = 'recent'): Promise<Run> {
  const run = await begin(kind);
  await heedZone((await scopeOf(run, timeZone)).scope);
  return asKept(run);
}
const decisions = async () => {
  const all = await listDecisions(ledger.db, project.id, { before: null, limit: 50 });
  return all.filter(({ what }) => what === 'everything is swept');
};

describe('a recent run', () => {
  it('reads everything when the source’s zone is another one than at the baseline, and says why', async () => {
    await end(await found('UTC', 'full'));
    const run = await found(NEW_YORK);
    expect(run.options.sweep).toBe(true);
    expect(run.sweepReason).toContain(`was UTC and is ${NEW_YORK}`);
    // A second attempt finds the same, and tells it once.
    await heedZone((await scopeOf(run, NEW_YORK)).scope);
    expect(await decisions()).toMatchObject([{ decidedBy: 'rule', detail: { run: 'recent-1', why: run.sweepReason } }]);
  });

  it('plans all entities then, though each was swept a moment ago and could be polled', async () => {
    await end(await found('UTC', 'full'));
    for (const entity of ENTITIES) {
      await startCapture(ledger.db, project.id, entity, '2026-11-20T00:00:00.000Z');
      await noteSweep(ledger.db, project.id, entity);
    }
    const planned = async (zone: string) => {
      const run = await found(zone);
      const { scope } = await scopeOf(run, zone);
      return { planned: await planSlices(scope), run };
    };
    const quiet = await planned('UTC');
    expect(quiet.planned).toMatchObject({ slices: 0 });
    await end(quiet.run);
    const swept = await planned(NEW_YORK);
    expect(swept.planned).toMatchObject({ slices: 2, records: 4 });
    const { rows } = await sql<{ state: string }>`SELECT state FROM slices WHERE run_id = ${swept.run.id}`.execute(
      ledger.db,
    );
    // To be read, not only held against the ledger.
    expect(rows.map(({ state }) => state)).not.toContain('listed');
  });

  it('knows the new zone once it is completed, and not when it failed', async () => {
    await end(await found('UTC', 'full'));
    await end(await found(NEW_YORK), 'failed');
    const again = await found(NEW_YORK);
    expect(again.sweepReason).not.toBeNull();
    await end(again);
    expect(await found(NEW_YORK)).toMatchObject({ sweepReason: null, options: { sweep: false } });
  });

  it('compares nothing with a source that does not tell, nor with runs of before it was kept', async () => {
    await end(await begin('full'));
    const first = await found('UTC');
    expect(first.sweepReason).toBeNull();
    await end(first);
    const silent = await found(null);
    expect(silent.sweepReason).toBeNull();
    await end(silent);
    expect((await found(NEW_YORK)).sweepReason).toContain('was UTC');
  });
});

const know = (entity: string, sourceId: string, state = 'live') =>
  sql`INSERT INTO records (project_id, entity, source_id, target_store, target_id, state, read_start, read_end)
    VALUES (${project.id}, ${entity}, ${sourceId}, ${project.targetStore}, ${`t${sourceId}`}, ${state}, 1, 2)`.execute(
    ledger.db,
  );

const queued = async () => {
  const { rows } = await sql<{ ref: string; kind: string; reason: string }>`
    SELECT entity || ' ' || source_id AS ref, kind, reason FROM changes WHERE project_id = ${project.id} ORDER BY 1`.execute(
    ledger.db,
  );
  return rows;
};

const pauseAndResume = async () => {
  await setPause(ledger.db, project.id, 'lunch');
  await setPause(ledger.db, project.id, null);
};

const underWay = async () => {
  await end(await found('UTC', 'full'));
  for (const [entity, id] of [
    ['product', '1'],
    ['product', '2'],
    ['order', '7'],
  ] as const)
    await know(entity, id);
  await know('product', '3', 'tombstone');
  await know('page', '9');
  return found('UTC');
};

describe('a recent run that is resumed', () => {
  it('has all that is known read again when the zone is another one by now, once, and says why', async () => {
    const run = await underWay();
    await pauseAndResume();
    const { scope, looks } = await scopeOf(run, NEW_YORK);
    await heedZoneAfterPause(scope);
    expect(await queued()).toEqual(
      ['order 7', 'product 1', 'product 2'].map((ref) => ({ ref, kind: 'fetch', reason: 'sweep' })),
    );
    expect((await asKept(run)).sweepReason).toContain(`was UTC and is ${NEW_YORK}`);
    expect(await decisions()).toHaveLength(1);
    expect((await getProject(ledger.db, project.slug))?.sourceProfile).toMatchObject({ timeZone: NEW_YORK });
    await heedZoneAfterPause(scope);
    expect(looks.count).toBe(1);
    // What it read everything under is known from here on.
    await end(run);
    expect((await found(NEW_YORK)).sweepReason).toBeNull();
  });

  it('is looked at anew by an attempt that follows one that died on the way', async () => {
    const run = await underWay();
    await pauseAndResume();
    const { scope } = await scopeOf(run, NEW_YORK);
    const dies = {
      ...scope,
      heartbeat: () => {
        throw new Error('the worker died here');
      },
    };
    await expect(heedZoneAfterPause(dies)).rejects.toThrow('died');
    await heedZoneAfterPause(scope);
    expect((await queued()).map(({ ref }) => ref)).toEqual(['order 7', 'product 1', 'product 2']);
    expect(await decisions()).toHaveLength(1);
  });

  it('goes on as it was when the zone is the same, and asks the source only after a resume', async () => {
    const run = await underWay();
    const { scope, looks } = await scopeOf(run, 'UTC');
    await heedZoneAfterPause(scope);
    expect(looks.count).toBe(0);
    await pauseAndResume();
    await heedZoneAfterPause(scope);
    await heedZoneAfterPause(scope);
    expect(looks.count).toBe(1);
    expect(await queued()).toEqual([]);
    expect((await asKept(run)).sweepReason).toBeNull();
  });

  it('is no matter of a full run, which reads everything anyway', async () => {
    const run = await found('UTC', 'full');
    await pauseAndResume();
    const { scope, looks } = await scopeOf(run, NEW_YORK);
    await heedZoneAfterPause(scope);
    expect(looks.count).toBe(0);
  });
});
