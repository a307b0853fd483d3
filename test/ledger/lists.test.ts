import { sql } from 'kysely';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type DeadLetter, listDeadLetters } from '../../src/ledger/dead-letters.ts';
import { listByKey } from '../../src/ledger/findings.ts';
import { latestGate, listGates, openDeleteGate, openGates, openRunGate } from '../../src/ledger/gates.ts';
import { appendDecision, listDecisions } from '../../src/ledger/decisions.ts';
import type { RowKey } from '../../src/ledger/keyset.ts';
import { deleteProject } from '../../src/ledger/projects.ts';
import { startCapture } from '../../src/ledger/watermarks.ts';
import { type LedgerUnderTest, makeProject, openTestLedger } from './ledger-under-test.ts';

let ledger: LedgerUnderTest;
beforeAll(async () => {
  ledger = await openTestLedger();
});
afterAll(() => ledger.close());

async function addDeadLetters(projectId: number, ids: readonly string[]): Promise<void> {
  await sql`
    INSERT INTO dead_letters (project_id, entity, source_id, reason, remedy, payload)
    SELECT ${projectId}, e, id, 'no name', 'give it one', '{"email": "ann@example.test"}'
    FROM unnest(${ids}::text[]) AS i (id), unnest(ARRAY['brand', 'product']) AS e`.execute(ledger.db);
}

it('lists every dead letter once, page by page, without what it holds', async () => {
  const { id } = await makeProject(ledger, 'letters');
  const { id: other } = await makeProject(ledger, 'letters-of-another');
  await addDeadLetters(id, ['1', '2', '10', '2/1']);
  await addDeadLetters(other, ['99']);
  const seen: string[] = [];
  for (let after: RowKey = null; ;) {
    const page: readonly DeadLetter[] = await listDeadLetters(ledger.db, id, { after, limit: 3 });
    const last = page.at(-1);
    if (last === undefined) break;
    after = [last.entity, last.sourceId];
    seen.push(...page.map((letter) => `${letter.entity}:${letter.sourceId}`));
    expect(JSON.stringify(page)).not.toContain('ann@example.test');
  }
  expect(seen).toHaveLength(8);
  expect(new Set(seen).size).toBe(8);
  expect(seen).not.toContain('brand:99');
});

it('lists decisions newest first, from where the last page ended', async () => {
  const { id } = await makeProject(ledger, 'decided');
  for (const what of ['first', 'second', 'third']) await appendDecision(ledger.db, id, 'ops', what, { why: what });
  const page = await listDecisions(ledger.db, id, { before: null, limit: 2 });
  expect(page.map(({ what, decidedBy }) => [what, decidedBy])).toEqual([
    ['third', 'ops'],
    ['second', 'ops'],
  ]);
  const rest = await listDecisions(ledger.db, id, { before: page.at(-1)?.id ?? 0, limit: 2 });
  expect(rest).toMatchObject([{ what: 'first', detail: { why: 'first' } }]);
});

it('takes no two keys for one, where a text of both would be the same', async () => {
  const { id } = await makeProject(ledger, 'colons');
  for (const [sourceId, field] of [
    ['a', 'b:c'],
    ['a:b', 'c'],
  ]) {
    await sql`INSERT INTO adjustments (project_id, entity, source_id, key, field, why)
      VALUES (${id}, 'redirect', ${sourceId}, 'shortened', ${field}, 'too long')`.execute(ledger.db);
  }
  const of = { key: 'shortened', limit: 1 };
  const [first] = await listByKey(ledger.db, id, 'adjustments', { ...of, after: null });
  expect(first).toMatchObject({ sourceId: 'a', field: 'b:c' });
  const after = ['redirect', 'a', 'b:c'];
  expect(await listByKey(ledger.db, id, 'adjustments', { ...of, after })).toMatchObject([{ sourceId: 'a:b' }]);
});

it('lists gates by run, each in its place when it is opened anew, and names those that are open now', async () => {
  const { id: projectId } = await makeProject(ledger, 'gates');
  const open = (runId: number, name: string, livesMs = 60_000) =>
    openRunGate(ledger.db, { projectId, runId }, { name, evidence: {}, livesMs });
  for (const name of ['b', 'a']) await open(1, name);
  await open(2, 'c', -1);
  await open(2, 'a');
  const names = [];
  for (let after: { runId: number; gate: string } | null = null; ;) {
    const page: Awaited<ReturnType<typeof listGates>> = await listGates(ledger.db, projectId, { after, limit: 1 });
    const last = page.at(-1);
    if (last === undefined) break;
    names.push(`${last.runId} ${last.gate} ${last.state}`);
    after = last;
    // Opened anew between two pages: neither seen twice nor skipped.
    await open(1, 'b');
  }
  expect(names).toEqual(['2 a open', '2 c expired', '1 a open', '1 b open']);
  await openDeleteGate(ledger.db, projectId, 2, 'brand', {});
  const now = await openGates(ledger.db, projectId);
  // What holds a run comes first, then the newest; what two runs left open is named once.
  expect(now.map(({ gate, holdsRun }) => [gate, holdsRun])).toEqual([
    ['b', true],
    ['a', true],
    ['mass-delete-brand', false],
  ]);
  expect(await latestGate(ledger.db, projectId, 'c')).toMatchObject({ state: 'expired' });
  expect(await latestGate(ledger.db, projectId, 'd')).toBeNull();
});

it('keeps the first start of capture, so that a second attempt leaves no hole', async () => {
  const { id } = await makeProject(ledger, 'captured');
  await startCapture(ledger.db, id, 'product', '2026-11-20T10:00:00.000Z');
  await startCapture(ledger.db, id, 'product', '2026-11-20T12:00:00.000Z');
  const { rows } = await sql`SELECT captured_until FROM watermarks WHERE project_id = ${id}`.execute(ledger.db);
  expect(rows).toEqual([{ captured_until: '2026-11-20T10:00:00.000Z' }]);
});

it('keeps no value of a record of a deleted project, but its decisions', async () => {
  const { id } = await makeProject(ledger, 'forgotten');
  const { id: other } = await makeProject(ledger, 'remembered');
  for (const project of [id, other]) await addDeadLetters(project, ['1']);
  await startCapture(ledger.db, id, 'product', '2026-11-20T10:00:00.000Z');
  await sql`INSERT INTO hints (project_id, origin, entity, source_id) VALUES (${id}, 'webhook', 'product', '1')`.execute(
    ledger.db,
  );
  await sql`INSERT INTO adjustments (project_id, entity, source_id, key, field, before, why)
    VALUES (${id}, 'customer', '1', 'shortened', 'name', '"Ann"', 'too long')`.execute(ledger.db);
  await appendDecision(ledger.db, id, 'ops', 'project deleted');
  expect(await deleteProject(ledger.db, 'forgotten')).toBe('deleted');
  const { rows } = await sql<{ found: string }>`
    SELECT 'dead letter' AS found FROM dead_letters WHERE project_id = ${id}
    UNION ALL SELECT 'hint' FROM hints WHERE project_id = ${id}
    UNION ALL SELECT 'watermark' FROM watermarks WHERE project_id = ${id}
    UNION ALL SELECT 'adjustment' FROM adjustments WHERE project_id = ${id}`.execute(ledger.db);
  expect(rows).toEqual([]);
  expect(await listDecisions(ledger.db, id, { before: null, limit: 10 })).toHaveLength(1);
  expect(await listDeadLetters(ledger.db, other, { after: null, limit: 10 })).toHaveLength(2);
});
