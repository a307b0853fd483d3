import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { reviewPass, startOf } from '../../src/activities/review-pass.ts';
import type { RunScope } from '../../src/activities/run-scope.ts';
import { DEFAULT_MAPPING } from '../../src/domain/mapping.ts';
import { completeOptions, type ProjectOptions } from '../../src/domain/project-options.ts';
import { DEFAULT_RUN_OPTIONS, type RunOptions } from '../../src/domain/run-options.ts';
import { gateState, listGates } from '../../src/ledger/gates.ts';
import { getPass } from '../../src/ledger/passes.ts';
import { openRun } from '../../src/ledger/runs.ts';
import { brand } from '../connectors/bigcommerce/forms.ts';
import { type ApplyBench, openApplyBench } from './apply-bench.ts';

let bench: ApplyBench;
let projects = 0;
beforeAll(async () => {
  bench = await openApplyBench();
});
afterAll(() => bench.close());

const IDS = Array.from({ length: 30 }, (_, at) => String(at + 1));
const GO = { verdict: 'go' };

/** A run of which thirty brands are at the target, as they were meant. */
async function runWith(options: Partial<RunOptions> = {}, project: Partial<ProjectOptions> = {}) {
  const { projectId } = bench.queue;
  const kind = 'full' as const;
  const opened = { projectId, kind, mappingVersion: 1, mappingFingerprint: 'f', options };
  const run = await openRun(bench.db, opened);
  if (run === null) throw new Error('a run is open already');
  const scope = {
    db: bench.db,
    projectId,
    runId: run.id,
    run: { ...run, options: { ...DEFAULT_RUN_OPTIONS, ...options } },
    options: completeOptions(project),
    target: bench.store.driver.target,
    mapping: DEFAULT_MAPPING,
    targetStore: bench.queue.targetStore,
    entities: ['brand'],
    settings: { leaseMs: 1_000, concurrency: 4 },
    signal: new AbortController().signal,
    heartbeat: () => undefined,
  } as unknown as RunScope;
  const copied = (where = sql`true`) =>
    sql`UPDATE records SET run_id = ${run.id}, applied_at = clock_timestamp() WHERE project_id = ${projectId} AND ${where}`.execute(
      bench.db,
    );
  const review = (pass: number, waived = false) =>
    reviewPass(scope, { project: 'p', run: run.name, pass, last: false, waived });
  const noteOf = async (pass: number) => (await getPass(bench.db, run.id, pass))?.note as Record<string, never>;
  return { run, scope, copied, review, noteOf, start: (pass: number) => startOf(scope, pass) };
}

beforeEach(async () => {
  projects += 1;
  await bench.renew(`reviewed-${projects}`);
  for (const id of IDS) await bench.read('brand', id, brand({ name: `Brand ${id}`, path: null }));
  await bench.drain();
});

/** Brands are created side by side: the first in the store is not always the same one. */
const rename = (name: string) => {
  const row = [...bench.store.sandbox.store.brands.values()].find((one) => one.name === 'Brand 1');
  if (row !== undefined) row.name = name;
};

describe('the trial', () => {
  it('is read back whole, shown side by side, and waits at its gate for a person', async () => {
    const { review, start, copied, noteOf, run, scope } = await runWith();
    await start(1);
    await copied();
    expect(await review(1)).toMatchObject({ verdict: 'gate', gate: 'trial' });
    const note = await noteOf(1);
    expect(note).toMatchObject({ readBack: { readBack: 30, mismatches: 0 }, batch: 50, broken: [] });
    expect(note['sideBySide']).toHaveLength(10);
    expect(note['sideBySide']?.[0]).toMatchObject({ entity: 'brand', verdict: 'same' });
    const [gate] = await listGates(bench.db, scope.projectId, { after: null, limit: 9 });
    expect(gate).toMatchObject({ gate: 'trial', state: 'open', evidence: { readBack: { readBack: 30 } } });
    expect(JSON.stringify(gate?.evidence)).not.toContain('Brand 1');
    expect(await getPass(bench.db, run.id, 1)).toMatchObject({ name: 'trial', state: 'waiting' });
    await sql`UPDATE gates SET state = 'passed' WHERE run_id = ${run.id}`.execute(bench.db);
    expect(await review(1)).toEqual(GO);
    expect(await getPass(bench.db, run.id, 1)).toMatchObject({ state: 'passed' });
  });

  it('passes its gate by rule when nobody has to approve', async () => {
    const { review, start, copied, scope } = await runWith({ autoApprove: true });
    await start(1);
    await copied();
    expect(await review(1)).toEqual(GO);
    expect(await gateState(bench.db, scope, 'trial')).toBe('passed');
    expect(await listGates(bench.db, scope.projectId, { after: null, limit: 9 })).toMatchObject([{ passedBy: 'rule' }]);
  });

  it('stops when the target holds something otherwise than it was meant', async () => {
    const { review, start, copied, noteOf, run } = await runWith({ autoApprove: true });
    await start(1);
    await copied();
    rename('Brand of another make');
    // As if it had been so from the first: what we saw after our write is what is there now.
    await sql`
      UPDATE parts SET base = jsonb_set(base, '{name}', '"Brand of another make"')
      WHERE project_id = ${bench.queue.projectId} AND part = 'core' AND base ->> 'name' = 'Brand 1'`.execute(bench.db);
    expect(await review(1)).toEqual({
      verdict: 'stop',
      reason: expect.stringMatching(/^trial: mismatch-rate: 1 of 30 records/) as string,
    });
    const { mismatches } = await noteOf(1);
    expect(mismatches).toMatchObject([
      { verdict: 'different', fields: [{ field: 'core.name', meant: 'Brand 1', found: 'Brand of another make' }] },
    ]);
    expect(await getPass(bench.db, run.id, 1)).toMatchObject({ state: 'stopped' });
    // A person who resumes lets it go on, but no rule passes the gate then.
    expect(await review(1, true)).toMatchObject({ verdict: 'gate' });
  });

  it('stops when a record is gone, and when a recent edit does not show', async () => {
    const { review, start, copied, run } = await runWith(
      { autoApprove: true },
      { stopRules: { mismatchRate: 0.5 } as never },
    );
    await start(1);
    await copied();
    const [gone] = bench.store.sandbox.store.brands.keys();
    bench.store.sandbox.store.brands.delete(gone ?? 0);
    await sql`
      UPDATE records SET modified_at = ${run.startedAt}::timestamptz + interval '1 second'
      WHERE project_id = ${bench.queue.projectId} AND target_id = ${String(gone)}`.execute(bench.db);
    expect(await review(1)).toMatchObject({
      reason: expect.stringContaining('recent-edits-not-appearing: 1 of 1 records') as string,
    });
  });

  it('stops when metafields are not as they were meant, which nobody but us may write', async () => {
    const { review, start, copied, noteOf } = await runWith({ autoApprove: true });
    await start(1);
    await copied();
    const { metafields } = bench.store.sandbox.store;
    const [first] = metafields.keys();
    metafields.delete(first ?? 0);
    bench.store.requests();
    expect(await review(1)).toMatchObject({
      verdict: 'stop',
      reason: expect.stringContaining('mismatch-rate: 1 of 30'),
    });
    // The brands themselves, their metafields, and those of the one brand that the list did not show whole.
    expect(bench.store.requests().filter((request) => request.includes('metafields'))).toHaveLength(2);
    expect((await noteOf(1))['mismatches']).toMatchObject([
      { verdict: 'different', fields: [{ field: 'metafields.storeferry/source_id', found: null }] },
    ]);
  });

  it('does not take for a fault of ours what a merchant changed since', async () => {
    const { review, start, copied, noteOf } = await runWith({ autoApprove: true });
    await start(1);
    await copied();
    rename('Renamed by hand');
    expect(await review(1)).toEqual(GO);
    expect((await noteOf(1))['readBack']).toMatchObject({ mismatches: 0, edited: 1 });
  });
});

it('reads only a sample of later passes back, and counts what each of them did', async () => {
  const { review, start, copied, noteOf, run } = await runWith({ passes: [10], autoApprove: true });
  const count = (word: string, records: number) =>
    sql`
    INSERT INTO run_counts (run_id, entity, word, count) VALUES (${run.id}, 'brand', ${word}, ${records})
    ON CONFLICT (run_id, entity, word) DO UPDATE SET count = excluded.count`.execute(bench.db);
  await start(1);
  await copied(sql`source_id::integer <= 10`);
  await count('created', 10);
  await count('adjusted', 4);
  expect(await review(1)).toEqual(GO);
  expect(await noteOf(1)).toMatchObject({ records: 10, words: { created: 10, adjusted: 4 } });
  await start(2);
  await copied(sql`source_id::integer > 1`);
  await count('created', 30);
  bench.store.requests();
  expect(await review(2)).toEqual(GO);
  expect(bench.store.requests().filter((request) => request.includes('metafields'))).toHaveLength(2);
  const note = await noteOf(2);
  expect(note).toMatchObject({ records: 20, words: { created: 20 }, readBack: { readBack: 25 } });
  expect(note).not.toHaveProperty('sideBySide');
  expect(await getPass(bench.db, run.id, 2)).toMatchObject({ name: 'full speed', state: 'passed' });
  expect(await review(2)).toEqual(GO);
});
