import { sql } from 'kysely';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { listDeadLetters } from '../../src/ledger/dead-letters.ts';
import { appendDecision, listDecisions } from '../../src/ledger/decisions.ts';
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
  for (let after = ''; ; after = seen.at(-1) ?? '') {
    const page = await listDeadLetters(ledger.db, id, { after, limit: 3 });
    if (page.length === 0) break;
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
  expect(await listDeadLetters(ledger.db, other, { after: '', limit: 10 })).toHaveLength(2);
});
