import { expect, it } from 'vitest';
import { stateFromLedger } from '../../src/temporal/known-state.ts';
import type { KnownProject } from '../../src/domain/known-project.ts';
import { FIRST_STATE } from '../../src/workflows/contract.ts';

const known = (given: Partial<KnownProject> = {}): KnownProject => ({
  slug: 'shop',
  phase: 'draft',
  paused: false,
  attention: null,
  alerts: null,
  activeRun: null,
  hasBaseline: false,
  ...given,
});

it('begins a new project in draft', () => {
  expect(stateFromLedger(known())).toEqual(FIRST_STATE);
});

it('takes over an active run, a pause and what needs a person', () => {
  const state = stateFromLedger(
    known({ phase: 'copying', paused: true, attention: 'keys', activeRun: { name: 'full-2', kind: 'full' } }),
  );
  expect(state).toMatchObject({
    phase: 'copying',
    before: 'draft',
    paused: true,
    attention: 'keys',
    run: 'full-2',
    runKind: 'full',
  });
});

it.each([
  ['failed', true, 'failed', 'syncing'],
  ['cancelled', false, 'cancelled', 'draft'],
  ['copying', true, 'syncing', null],
  ['copying', false, 'draft', null],
  ['verified', true, 'verified', null],
] as const)('reads %s without an active run (baseline: %s) as %s after %s', (phase, hasBaseline, now, before) => {
  expect(stateFromLedger(known({ phase, hasBaseline }))).toMatchObject({ phase: now, before, run: null });
});

it('takes over which alerts are open, beside what else needs a person', () => {
  const alerts = { version: 4, names: ['lag-above-limit'] };
  expect(stateFromLedger(known({ alerts }))).toEqual({ ...FIRST_STATE, alerts });
  expect(stateFromLedger(known({ alerts, attention: 'keys' }))).toMatchObject({ alerts, attention: 'keys' });
});
