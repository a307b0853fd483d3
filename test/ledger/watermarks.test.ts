import { sql } from 'kysely';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openRun } from '../../src/ledger/runs.ts';
import { advanceWatermark, capturedUntil, secondsSinceCapture, startCapture } from '../../src/ledger/watermarks.ts';
import { type LedgerUnderTest, openTestLedger } from './ledger-under-test.ts';
import { brand, queueUnderTest } from './queue-under-test.ts';

let ledger: LedgerUnderTest;
beforeAll(async () => {
  ledger = await openTestLedger();
});
afterAll(() => ledger.close());

const AT = (minute: number) => `2026-01-01T00:${String(minute).padStart(2, '0')}:00.000Z`;

async function captured(slug: string) {
  const queue = await queueUnderTest(ledger, slug);
  const { projectId } = queue;
  const run = await openRun(ledger.db, { projectId, kind: 'full', mappingVersion: 1, mappingFingerprint: 'f' });
  const runId = run?.id ?? 0;
  await startCapture(ledger.db, projectId, 'brand', AT(10));
  return {
    queue,
    projectId,
    until: async () => Date.parse((await capturedUntil(ledger.db, projectId, 'brand')) ?? ''),
    page: (sourceIds: readonly string[], to: string | null) =>
      advanceWatermark(
        ledger.db,
        { projectId, runId },
        { entity: 'brand', arrivals: sourceIds.map((id) => brand(id)), unreadable: [], capturedUntil: to },
      ),
  };
}

it('moves over a window only with the last of its pages', async () => {
  const { queue, page, until } = await captured('paged');
  await page(['1', '2'], null);
  expect(await until()).toBe(Date.parse(AT(10)));
  await page(['3'], AT(12));
  expect(await until()).toBe(Date.parse(AT(12)));
  expect((await queue.rows()).map((row) => row.source_id)).toEqual(['1', '2', '3']);
});

it('never moves back, and an earlier start stands', async () => {
  const { queue, page, until } = await captured('forward');
  await page([], AT(20));
  await page([], AT(15));
  await startCapture(ledger.db, queue.projectId, 'brand', AT(30));
  expect(await until()).toBe(Date.parse(AT(20)));
});

it('does not move when its rows cannot be queued', async () => {
  const { page, until } = await captured('refused');
  // PostgreSQL takes no NUL in a text.
  await expect(page(['x\u0000'], AT(12))).rejects.toThrow('invalid byte sequence');
  expect(await until()).toBe(Date.parse(AT(10)));
});

it('knows since when nobody has asked to the end, by the entity that waits longest', async () => {
  const { projectId, page } = await captured('asked');
  const since = (...entities: ('brand' | 'product')[]) => secondsSinceCapture(ledger.db, projectId, entities);
  expect(await since('brand', 'product')).toBeNull();
  await startCapture(ledger.db, projectId, 'product', AT(10));
  await sql`UPDATE watermarks SET captured_at = clock_timestamp() - CASE entity WHEN 'brand' THEN 90 ELSE 30 END * interval '1 second'
    WHERE project_id = ${projectId}`.execute(ledger.db);
  expect(Math.floor((await since('brand', 'product')) ?? 0)).toBeGreaterThanOrEqual(90);
  // A page that more of the window follows is not the end of it.
  await page(['1'], null);
  expect(Math.floor((await since('brand')) ?? 0)).toBeGreaterThanOrEqual(90);
  await page([], AT(12));
  expect(Math.floor((await since('brand', 'product')) ?? 0)).toBeLessThan(90);
});
