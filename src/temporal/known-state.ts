import type { KnownProject } from '../domain/known-project.ts';
import type { Phase } from '../domain/phases.ts';
import { FIRST_STATE } from '../workflows/contract.ts';
import type { MigrationState } from '../workflows/contract.ts';

/** Where the project's workflow begins if it has to be started: its first command, or its history was lost. */
export function stateFromLedger(known: KnownProject): MigrationState {
  const ground: Phase = known.hasBaseline ? 'syncing' : 'draft';
  // A run that ended while there was no workflow to hear of it leaves this phase behind.
  const phase = known.phase === 'copying' && known.activeRun === null ? ground : known.phase;
  const remembers = phase === 'copying' || phase === 'failed' || phase === 'cancelled';
  return {
    ...FIRST_STATE,
    phase,
    before: remembers ? ground : null,
    paused: known.paused,
    attention: known.attention,
    ...(known.alerts === null ? {} : { alerts: known.alerts }),
    run: known.activeRun?.name ?? null,
    runKind: known.activeRun?.kind ?? null,
  };
}
