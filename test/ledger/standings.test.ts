import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { judgeProject } from '../../src/ledger/alerts/judge-projects.ts';
import { claimUntold, noteTold, openAlerts, tellLater } from '../../src/ledger/alerts/standings.ts';
import { markRejected } from '../../src/ledger/connections.ts';
import { knownProject } from '../../src/ledger/known-project.ts';
import { deleteProject, getProject } from '../../src/ledger/projects.ts';
import { connectSource, type LedgerUnderTest, makeProject, openTestLedger } from './ledger-under-test.ts';

const LEASE_MS = 60_000;

let ledger: LedgerUnderTest;
beforeAll(async () => {
  ledger = await openTestLedger();
});
afterEach(() => sql`DELETE FROM alert_standings`.execute(ledger.db).then(() => undefined));
afterAll(() => ledger.close());

async function rejected(slug: string) {
  const project = await makeProject(ledger, slug);
  await connectSource(ledger, project);
  await markRejected(ledger.db, project.id, 'source');
  await judgeProject(ledger.db, project);
  return project;
}
const claim = () => claimUntold(ledger.db, LEASE_MS);
const REJECTED = ['credentials-rejected source'];

it('knows of no alerts where none was ever opened, and tells nothing', async () => {
  const project = await makeProject(ledger, 'calm');
  await judgeProject(ledger.db, project);
  expect(await openAlerts(ledger.db, project.id)).toBeNull();
  expect(await claim()).toBeNull();
});

it('brings the open alerts along with what a command brings, oldest first', async () => {
  const project = await rejected('brought');
  await markRejected(ledger.db, project.id, 'target');
  await sql`INSERT INTO source_hooks (project_id, topic, hook_id, state) VALUES (${project.id}, 'order.created', '7', 'gone')`.execute(
    ledger.db,
  );
  await judgeProject(ledger.db, project);
  const found = await getProject(ledger.db, 'brought');
  if (found === null) throw new Error('the project is gone');
  expect((await knownProject(ledger.db, found)).alerts?.names).toEqual([...REJECTED, 'hook-disabled order.created']);
});

it('is claimed by one, told once, and due again with the next change', async () => {
  const project = await rejected('claimed');
  const claims = await Promise.all([claim(), claimUntold(ledger.another().db, LEASE_MS), claim()]);
  expect(claims.filter((one) => one !== null)).toEqual([{ projectId: project.id, slug: 'claimed', attempts: 1 }]);
  const open = await openAlerts(ledger.db, project.id);
  expect(open?.names).toEqual(REJECTED);
  await noteTold(ledger.db, project.id, open?.version ?? 0);
  await connectSource(ledger, project);
  expect(await claim()).toBeNull();
  await judgeProject(ledger.db, project, 0);
  expect(await claim()).toMatchObject({ slug: 'claimed', attempts: 1 });
  const after = await openAlerts(ledger.db, project.id);
  expect(after?.names).toEqual([]);
  expect(after?.version).toBeGreaterThan(open?.version ?? Infinity);
  // Somebody who was slow tells of what was before: the later word stays to be told.
  await noteTold(ledger.db, project.id, open?.version ?? 0);
  await sql`UPDATE alert_standings SET next_at = clock_timestamp()`.execute(ledger.db);
  expect(await claim()).toMatchObject({ slug: 'claimed' });
  await noteTold(ledger.db, project.id, after?.version ?? 0);
});

it('waits longer after each attempt in vain, and not at all for news', async () => {
  const project = await rejected('in-vain');
  const waits: number[] = [];
  for (const why of ['failed', 'failed', 'no-workflow'] as const) {
    const untold = await claim();
    if (untold === null) throw new Error('nothing is due');
    await tellLater(ledger.db, untold, why);
    const { rows } = await sql<{ seconds: number }>`
      SELECT round(extract(epoch FROM next_at - clock_timestamp()))::integer AS seconds FROM alert_standings
      WHERE project_id = ${project.id}`.execute(ledger.db);
    waits.push(rows[0]?.seconds ?? -1);
    await sql`UPDATE alert_standings SET next_at = clock_timestamp()`.execute(ledger.db);
  }
  expect(waits).toEqual([1, 2, 4]);
  const slow = await claim();
  await connectSource(ledger, project);
  await judgeProject(ledger.db, project, 0);
  // News came while it was being told: what became of that attempt holds them up no more.
  if (slow !== null) await tellLater(ledger.db, slow, 'failed');
  expect(await claim()).toMatchObject({ slug: 'in-vain', attempts: 1 });
});

it('goes with its project', async () => {
  const project = await rejected('deleted');
  expect(await deleteProject(ledger.db, 'deleted')).toBe('deleted');
  expect(await openAlerts(ledger.db, project.id)).toBeNull();
});
