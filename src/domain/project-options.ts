import type { Side } from './conflict.ts';
import { type AlertLimits, DEFAULT_ALERT_LIMITS } from './alerts.ts';
import { DEFAULT_WEIGHTS, type Weights } from './points.ts';
import type { Rates } from './rates.ts';
import type { Instant } from './record.ts';
import { DEFAULT_STOP_LIMITS, type StopLimits } from './stop-rules.ts';

/** Somebody's word that the target can be put back as it was. */
export interface BackupConfirmation {
  /** Who made or checked the backup; a role or a name that may be shown. */
  readonly by: string;
  /** When the backup was made. */
  readonly at: Instant;
}

/** When runs may start: what the license for the migration allows. */
export interface LicenseWindow {
  /** null: since ever. */
  readonly from: Instant | null;
  /** The first instant that it does not cover. */
  readonly until: Instant;
}

/** What becomes of conflicts that nobody decides. */
export interface ConflictDefaults {
  /** Hours that a person has, from when the change was held. */
  readonly deadlineHours: number;
  /** Whose side is taken then; `none`: they wait on. */
  readonly default: Side | 'none';
}

/** What a project may take and when it stops: data beside the mapping, which says what becomes of records. */
export interface ProjectOptions {
  /** Entity points that one run may move; null: no limit. */
  readonly pointsLimit: number | null;
  readonly weights: Weights;
  readonly rates: Rates;
  readonly stopRules: StopLimits;
  readonly alerts: AlertLimits;
  readonly backup: BackupConfirmation | null;
  /** A backup older than this, hours, is no prerequisite met. */
  readonly backupMaxAgeHours: number;
  /** A recent run lists all ids of an entity again after so many hours: for deletes, and for what no poll can see. */
  readonly sweepHours: number;
  /** A continuous run asks the source what changed so often, seconds; webhooks are taken at once. */
  readonly pollSeconds: number;
  readonly conflicts: ConflictDefaults;
  /** null: runs may start at any time. */
  readonly license: LicenseWindow | null;
}

const DEFAULT_PROJECT_OPTIONS: ProjectOptions = {
  pointsLimit: null,
  weights: DEFAULT_WEIGHTS,
  rates: {},
  stopRules: DEFAULT_STOP_LIMITS,
  alerts: DEFAULT_ALERT_LIMITS,
  backup: null,
  backupMaxAgeHours: 168,
  sweepHours: 24,
  pollSeconds: 2,
  conflicts: { deadlineHours: 72, default: 'none' },
  license: null,
};

/** Options as they were kept, which may be of before some of them existed. */
export function completeOptions(kept: Partial<ProjectOptions> | null): ProjectOptions {
  const options = { ...DEFAULT_PROJECT_OPTIONS, ...kept };
  return {
    ...options,
    stopRules: { ...DEFAULT_STOP_LIMITS, ...kept?.stopRules },
    conflicts: { ...DEFAULT_PROJECT_OPTIONS.conflicts, ...kept?.conflicts },
    alerts: { ...DEFAULT_ALERT_LIMITS, ...kept?.alerts },
  };
}

/** Why no run may start for want of a backup; undefined when one is confirmed and young enough. */
export function backupProblem({ backup, backupMaxAgeHours }: ProjectOptions, now: Instant): string | undefined {
  const confirm = 'say who made it and when: PUT /v1/projects/<project>/backup, or storeferry backup';
  if (backup === null) return `nobody has confirmed a backup of the target: ${confirm}`;
  const ageHours = (Date.parse(now) - Date.parse(backup.at)) / 3_600_000;
  if (ageHours <= backupMaxAgeHours) return undefined;
  return `the backup of ${backup.at} is ${Math.floor(ageHours)} hours old, ${backupMaxAgeHours} are allowed: make a new one and ${confirm}`;
}

/** Why no run may start by the license; undefined: there is none, or it covers this moment. */
export function licenseProblem({ license }: Pick<ProjectOptions, 'license'>, now: Instant): string | undefined {
  if (license === null) return undefined;
  const { from, until } = license;
  const renew = 'set another with PATCH /v1/projects/<project>/options, {"license": {"from": …, "until": …}}';
  const at = Date.parse(now);
  if (from !== null && at < Date.parse(from))
    return `the license begins at ${from}, in ${hours(Date.parse(from) - at)}: start the run then, or ${renew}`;
  if (at < Date.parse(until)) return undefined;
  return `the license was over at ${until}, ${hours(at - Date.parse(until))} ago: prolong it, then ${renew}`;
}

function hours(ms: number): string {
  const whole = Math.floor(ms / 3_600_000);
  return whole === 0 ? 'less than an hour' : whole === 1 ? '1 hour' : `${whole} hours`;
}
