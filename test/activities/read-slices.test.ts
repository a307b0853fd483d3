import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { applyChanges } from '../../src/activities/apply-changes.ts';
import { readSlices } from '../../src/activities/read-slices.ts';
import { startOf } from '../../src/activities/review-pass.ts';
import type { RunScope } from '../../src/activities/run-scope.ts';
import { DEFAULT_MAPPING } from '../../src/domain/mapping.ts';
import type { Reference } from '../../src/domain/record.ts';
import { DEFAULT_RUN_OPTIONS, type RunOptions } from '../../src/domain/run-options.ts';
import { readyChanges } from '../../src/ledger/run-facts.ts';
import { openRun } from '../../src/ledger/runs.ts';
import { planSlices, slicesLeft } from '../../src/ledger/slices.ts';
import { type LedgerUnderTest, openTestLedger } from '../ledger/ledger-under-test.ts';
import { brand, queueUnderTest } from '../ledger/queue-under-test.ts';

const QUIET = { sourceRequests: 0, sourceMs: 0, targetRequests: 0, targetMs: 0, retried: 0, refused: 0 };

let ledger: LedgerUnderTest;
beforeAll(async () => {
  ledger = await openTestLedger();
});
afterAll(() => ledger.close());

const slice = (pass: number, ...sourceIds: string[]) =>
  ({ entity: 'brand', ordinal: pass, sourceIds, moneyBearing: false, pass }) as const;

/** Two passes of brands, and a source that has them all; `onRead` is called before each page. */
async function runOn(slug: string, options: Partial<RunOptions> = { autoApprove: true }) {
  const queue = await queueUnderTest(ledger, slug);
  const { projectId } = queue;
  const opened = { projectId, kind: 'full' as const, mappingVersion: 1, mappingFingerprint: 'f', options };
  const run = await openRun(ledger.db, opened);
  if (run === null) throw new Error('a run is open already');
  await planSlices(ledger.db, run.id, [slice(1, '1', '2'), slice(2, '3', '4', '5'), slice(3, '6')]);
  const source = {
    now: 0,
    asked: [] as string[],
    failing: [] as readonly string[],
    gone: [] as readonly string[],
    references: {} as Readonly<Record<string, readonly Reference[]>>,
    onRead: async () => {},
  };
  const scope = {
    db: ledger.db,
    projectId,
    runId: run.id,
    run: { ...run, options: { ...DEFAULT_RUN_OPTIONS, ...options } },
    targetStore: queue.targetStore,
    source: {
      platform: 'woocommerce',
      entities: [{ entity: 'brand', brings: [], modifiedFilter: false, pageSize: 2 }],
      readByIds: async (_: string, ids: readonly string[]) => {
        await source.onRead();
        source.asked.push(...ids);
        if (ids.some((id) => source.failing.includes(id))) throw new Error('the shop cannot answer for these');
        const there = ids.filter((id) => !source.gone.includes(id));
        const records = there.map((id) => ({ ...brand(id).payload, references: source.references[id] ?? [] }));
        return { records, unreadable: [], missing: [] };
      },
    },
    entities: ['brand'],
    scannedEntities: ['brand'],
    targetProfile: { clockSkewMs: 0 },
    mapping: DEFAULT_MAPPING,
    takeTally: () => QUIET,
    settings: { leaseMs: 60_000, longestWaitMs: 60_000 },
    now: () => source.now,
    signal: new AbortController().signal,
    heartbeat: () => undefined,
    isPaused: async () => false,
    rest: async (ms: number) => {
      source.now += ms;
    },
  } as unknown as RunScope;
  const read = (pass: number) => readSlices(scope, { timeBoxMs: 1_000, pass, last: pass === 3 });
  const write = async (count: number) => {
    const batch = await queue.ledger.claim('writer', { brand: count });
    if (batch === null || batch === 'paused') return [];
    await queue.ledger.commit(
      batch.claims.map((claim) => ({
        claim,
        progress: null,
        resolved: [],
        uncertain: [],
        disposition: { to: 'done' },
        account: null,
        arrivals: [],
      })),
    );
    return batch.claims.map(({ ref }) => ref.sourceId);
  };
  return { ...queue, scope, source, read, write, start: (pass: number) => startOf(scope, pass) };
}

it('reads ahead for the next pass while this one is still written, and no further', async () => {
  const { source, read, projectId, scope } = await runOn('ahead');
  expect(await read(1)).toMatchObject({ recordsRead: 5, slicesLeft: 0 });
  expect(source.asked).toEqual(['1', '2', '3', '4', '5']);
  expect(await slicesLeft(ledger.db, scope.runId, 3)).toBe(1);
  expect(await readyChanges(ledger.db, projectId)).toBe(2);
  expect(await readyChanges(ledger.db, projectId, { ahead: true })).toBe(5);
});

it('writes nothing of the next pass before that begins, and holds this one open for none of it', async () => {
  const { read, write, start, ledger: queue } = await runOn('not-yet');
  await read(1);
  expect(await queue.outstanding()).toMatchObject({ ready: 2 });
  expect(await write(10)).toEqual(['1', '2']);
  expect(await write(10)).toEqual([]);
  expect(await queue.outstanding()).toMatchObject({ ready: 0 });
  // Who comes late to the pass that is open changes nothing.
  await start(1);
  expect(await write(10)).toEqual([]);
  await start(2);
  expect(await write(10)).toEqual(['3', '4', '5']);
});

it('stops reading ahead when all is written, and leaves its slice to the next pass where it stands', async () => {
  const { source, read, write, start } = await runOn('enough');
  source.onRead = async () => {
    if (source.asked.length === 2) await write(10);
  };
  expect(await read(1)).toMatchObject({ recordsRead: 4, slicesLeft: 0 });
  await start(2);
  source.onRead = async () => {};
  expect(await read(2)).toMatchObject({ slicesLeft: 0 });
  expect(source.asked).toEqual(['1', '2', '3', '4', '5', '6']);
});

it('does not read ahead of a gate: what waits behind one for days would be old', async () => {
  const { source, read } = await runOn('gated', { autoApprove: false });
  await read(1);
  expect(source.asked).toEqual(['1', '2']);
});

it('writes at once what was read ahead and is asked for, or brought by something else', async () => {
  const { read, write, ledger: queue } = await runOn('asked-for');
  await read(1);
  await write(10);
  const refs = ['3', '4'].map((sourceId) => ({ entity: 'brand', sourceId }) as const);
  const [asked, brought] = refs;
  if (asked === undefined || brought === undefined) throw new Error('two were meant');
  await queue.enqueue([
    { kind: 'fetch', ref: asked, reason: 'reference', after: 0 },
    brand(brought.sourceId, 1_000, 'renamed meanwhile'),
  ]);
  expect(await write(10)).toEqual(['3', '4']);
});

it('finds what was read ahead outstanding, whoever of the next pass comes first', async () => {
  const { scope, read, write } = await runOn('first');
  await read(1);
  await write(10);
  const box = { timeBoxMs: 0, last: false };
  expect(await applyChanges(scope, { ...box, pass: 1 })).toMatchObject({ allRead: true, outstanding: 0 });
  expect(await applyChanges(scope, { ...box, pass: 2 })).toMatchObject({ allRead: true, outstanding: 3 });
});

it('hands a slice back in the middle when its box ends, so that the next need not wait for its lease', async () => {
  const { source, read, scope } = await runOn('box');
  source.onRead = async () => {
    source.now += 1_000;
  };
  expect(await read(3)).toMatchObject({ recordsRead: 2, slicesLeft: 2 });
  await read(3);
  const { rows } = await sql<{ state: string; count: number }>`
    SELECT state, read_count AS count FROM slices WHERE run_id = ${scope.runId} ORDER BY pass`.execute(ledger.db);
  expect(rows).toEqual([
    { state: 'read', count: 2 },
    { state: 'planned', count: 2 },
    { state: 'planned', count: 0 },
  ]);
  source.onRead = async () => {};
  expect(await read(3)).toMatchObject({ recordsRead: 2, slicesLeft: 0 });
});

it('rests while much of what it reads waits to be written, and not for stock, which waits for all orders', async () => {
  const { source, read, scope, projectId } = await runOn('full-queue');
  const queued = (entity: string) => sql`
    INSERT INTO changes (project_id, run_id, entity, entity_rank, source_id, kind, reason, generation, state)
    SELECT ${projectId}, ${scope.runId}, ${entity}, 0, 'other ' || n, 'fetch', 'copy', 1, 'ready'
    FROM generate_series(1, 20000) AS n`;
  await queued('stock').execute(ledger.db);
  await read(3);
  expect(source.asked).toHaveLength(6);
  await sql`UPDATE slices SET state = 'planned', read_count = 0 WHERE run_id = ${scope.runId}`.execute(ledger.db);
  await queued('brand').execute(ledger.db);
  source.asked.length = 0;
  expect(await read(3)).toMatchObject({ recordsRead: 0, slicesLeft: 3 });
  expect(source.asked).toEqual([]);
});

it('does not stand before a queue that is full of what it read ahead, which nobody writes in this pass', async () => {
  const { source, read, start, scope, projectId } = await runOn('full-of-the-next');
  await start(1);
  await sql`
    INSERT INTO changes (project_id, run_id, entity, entity_rank, source_id, kind, reason, generation, state, ahead)
    SELECT ${projectId}, ${scope.runId}, 'brand', 0, 'other ' || n, 'fetch', 'copy', 1, 'ready', true
    FROM generate_series(1, 20000) AS n`.execute(ledger.db);
  expect(await read(1)).toMatchObject({ recordsRead: 2, slicesLeft: 0 });
  expect(source.asked).toEqual(['1', '2']);
  expect(source.now).toBe(0);
});

const refersTo = (...ids: string[]) =>
  ids.map((sourceId) => ({ entity: 'brand', sourceId, kind: 'hard', field: 'like' }) as const);

async function referring(slug: string) {
  const bench = await runOn(slug, { autoApprove: false });
  const queued = async () => {
    const { rows } = await sql<{ kind: string; id: string }>`
      SELECT kind, source_id AS id FROM changes WHERE project_id = ${bench.projectId}
      ORDER BY source_id::integer`.execute(ledger.db);
    return rows.map(({ kind, id }) => `${kind} ${id}`);
  };
  return { ...bench, queued };
}

describe('what the records of a part of the shop refer to', () => {
  it('is read with their page, level by level, and asked for once', async () => {
    const { source, read, queued } = await referring('levels');
    source.references = {
      '1': refersTo('2', '77'),
      '2': refersTo('77'),
      '77': refersTo('78', '1'),
      '78': refersTo('79'),
    };
    await read(1);
    expect(source.asked).toEqual(['1', '2', '77', '78', '79']);
    expect(await queued()).toEqual(['upsert 1', 'upsert 2', 'upsert 77', 'upsert 78', 'upsert 79']);
  });

  it('is not read again when somebody has heard of it', async () => {
    const { source, read, ledger: queue, queued } = await referring('heard-of');
    await queue.enqueue([brand('77')]);
    source.references = { '1': refersTo('77', '5') };
    await read(1);
    expect(source.asked).toEqual(['1', '2', '5']);
    expect(await queued()).toEqual(['upsert 1', 'upsert 2', 'upsert 5', 'upsert 77']);
  });

  it('is left to the writer where the shop does not answer for it', async () => {
    const { source, read, queued } = await referring('unanswered');
    source.references = { '1': refersTo('77', '78', '79'), '77': refersTo('80') };
    source.gone = ['78'];
    source.failing = ['79'];
    await read(1);
    expect(source.asked).toEqual(['1', '2', '77', '78', '79', '80']);
    expect(await queued()).toEqual(['upsert 1', 'upsert 2', 'upsert 77', 'fetch 78', 'fetch 79', 'upsert 80']);
  });

  it('is left to the writer when it is more than a page should wait for', async () => {
    const { source, read, queued } = await referring('too-many');
    const many = Array.from({ length: 501 }, (_, at) => String(at + 100));
    source.references = { '1': refersTo(...many) };
    await read(1);
    expect(source.asked).toEqual(['1', '2']);
    expect(await queued()).toHaveLength(503);
    expect((await queued()).at(-1)).toBe('fetch 600');
  });

  it('comes by itself in a pass that brings everything', async () => {
    const { source, scope, read, queued } = await referring('all');
    source.references = { '6': refersTo('77') };
    await startOf(scope, 3);
    await read(3);
    expect(source.asked).toContain('6');
    expect(await queued()).not.toContain('fetch 77');
    expect(source.asked).not.toContain('77');
  });
});
