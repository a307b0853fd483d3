import { expect, it } from 'vitest';
import { EXIT } from '../../src/cli/client/exit-codes.ts';
import { DEFAULT_STOP_LIMITS } from '../../src/domain/stop-rules.ts';
import { throttleCause } from '../../src/domain/throttle.ts';
import { DEFAULT_LANES, TASK_QUEUES } from '../../src/workflows/contract.ts';
import { parseSettings } from '../../src/config/settings-file.ts';
import { drift, found, namesIn, NO_DRIFT, rowsOf, section, textOf } from './pages.ts';

/** `0.05` as the page writes it. */
function inWords(limit: number): string {
  if (limit < 1) return `${Number((limit * 100).toFixed(2))} %`;
  return limit >= 1_000 ? `${limit / 60_000} min` : `${limit} times`;
}

it('explains every stop rule with its limit and its default', () => {
  const page = 'docs/pause-and-resume.md';
  const union =
    /export type StopRule =\n((?:\s+\| '[a-z-]+';?\n?)+)/.exec(textOf('src/domain/stop-rules.ts'))?.[1] ?? '';
  const rules = found(union, /'([a-z-]+)'/g);
  expect(rules.length).toBeGreaterThan(6);
  const rows = rowsOf(section(page, '## Stop rules'));
  expect(
    drift(
      page,
      rows.map(([rule = '']) => rule),
      rules,
    ),
  ).toEqual(NO_DRIFT);
  const limits = rows.map(([, limit = '']) => limit).filter((limit) => limit !== 'none');
  expect(drift(page, limits, Object.keys(DEFAULT_STOP_LIMITS))).toEqual(NO_DRIFT);
  for (const [rule, limit = '', told] of rows) {
    const value = DEFAULT_STOP_LIMITS[limit as keyof typeof DEFAULT_STOP_LIMITS] as number | undefined;
    expect(`${page}: ${rule} ${told}`).toBe(`${page}: ${rule} ${value === undefined ? 'none' : inWords(value)}`);
  }
});

it('explains every gate', () => {
  const page = 'docs/pause-and-resume.md';
  expect(namesIn(section(page, '## Gates'))).toEqual(['trial', 'mass-delete-<entity>']);
  expect(textOf('src/activities/review-pass.ts')).toContain("const TRIAL = 'trial'");
  expect(textOf('src/ledger/gates.ts')).toContain('`mass-delete-${entity}`');
  expect(textOf('src/activities/review-pass.ts')).toContain('GATE_LIVES_MS = 24 * 3_600_000');
  expect(textOf('src/ledger/gate-tokens.ts')).toContain('LIVES_MINUTES = 15');
  expect(textOf('src/domain/delete-brake.ts')).toContain('{ count: 20, share: 0.02 }');
});

it('gives every cause of a wait in the words of the status', () => {
  const page = 'docs/throttling.md';
  const causes = found(textOf('src/ledger/migrations/0002_quota.sql'), /waits_for := '([^']+)'/g);
  expect(causes.length).toBeGreaterThan(4);
  const rows = rowsOf(section(page, '## What the status says'));
  expect(
    drift(
      page,
      rows.map(([cause = '']) => cause),
      causes,
    ),
  ).toEqual(NO_DRIFT);
  const free = { running: true, paused: false, pauseReason: null, openGate: null, ready: 0, waiting: 0 };
  for (const [cause = '', words] of rows) {
    const storeWaits = [{ side: 'target' as const, cause, count: 1 }];
    expect(`${page}: ${words}`).toBe(`${page}: ${throttleCause({ ...free, storeWaits })}`);
  }
});

it('names every exit code', () => {
  const rows = rowsOf(section('docs/understanding-output.md', '## Exit codes'));
  const told = rows.map(([code, name]) => `${code} ${name}`);
  const real = Object.entries(EXIT).map(([name, code]) => `${code} ${name}`);
  expect(drift('docs/understanding-output.md', told, real)).toEqual(NO_DRIFT);
});

it('tells task queues with their slots, and lanes', () => {
  const page = 'docs/scaling-out.md';
  const rows = rowsOf(section(page, '## Task queues, slots, lanes'));
  const { slots } = parseSettings('', 'defaults').worker;
  const queues = TASK_QUEUES.map((queue) => `${queue} ${slots[queue]}`);
  const told = rows.filter((row) => row.length === 3).map(([queue, , count]) => `${queue} ${count}`);
  expect(drift(page, told, queues)).toEqual(NO_DRIFT);
  const lanes = rows.filter((row) => row.length === 2).map(([what, count]) => `${what} ${count}`);
  expect(drift(page, lanes, [`reading ${DEFAULT_LANES.read}`, `writing ${DEFAULT_LANES.apply}`])).toEqual(NO_DRIFT);
});
