import type { OpenAlerts } from './open-alerts.ts';
import type { Phase, RunKind } from './phases.ts';

/** A project as the ledger knows it: with this its workflow begins, should a command have to start it. */
export interface KnownProject {
  readonly slug: string;
  readonly phase: Phase;
  readonly paused: boolean;
  readonly attention: string | null;
  /** null: none was ever opened. */
  readonly alerts: OpenAlerts | null;
  readonly activeRun: { readonly name: string; readonly kind: RunKind } | null;
  /** A full run has completed once. */
  readonly hasBaseline: boolean;
}
