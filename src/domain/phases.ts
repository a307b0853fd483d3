/** Where a project stands (design §4). `paused` lies over a phase and is kept beside it. */
export const PHASES = [
  'draft',
  'assessed',
  'copying',
  'syncing',
  'verified',
  'cutting_over',
  'live',
  'completed',
  'rolled_back',
  'failed',
  'cancelled',
] as const;
export type Phase = (typeof PHASES)[number];

export const RUN_KINDS = ['full', 'demo', 'recent', 'resync', 'continuous'] as const;
export type RunKind = (typeof RUN_KINDS)[number];

/** Runs that bring over what changed since the baseline, once or for as long as they go on (design §5). */
export const FOLLOWING_KINDS: readonly RunKind[] = ['recent', 'continuous'];

export function followsSource(kind: RunKind): boolean {
  return FOLLOWING_KINDS.includes(kind);
}

export const COMMANDS = ['startRun', 'pause', 'resume', 'cancel', 'approve', 'setRate', 'finish'] as const;
export type Command = (typeof COMMANDS)[number];

/** Everything that decides which commands are allowed and where an event leads. */
export interface Standing {
  readonly phase: Phase;
  /** Where the project stood when the run started, failed or was cancelled; null before any of them. */
  readonly before: Phase | null;
  readonly paused: boolean;
  /** Kind of the active run, if any. */
  readonly running: RunKind | null;
}

export type PhaseEvent =
  | 'assessed'
  | 'runStarted'
  | 'runCompleted'
  | 'runFailed'
  | 'runCancelled'
  | 'verificationPassed'
  | 'verificationLapsed'
  | 'cutoverStarted'
  | 'cutoverAborted'
  | 'opened'
  | 'rollbackStarted'
  | 'rollbackFinished'
  | 'completed';

/** Events that lead to one phase whatever the run; those of runs are in `afterRun` and `runStarted`. */
const FIXED: Partial<Record<PhaseEvent, { readonly from: readonly Phase[]; readonly to: Phase }>> = {
  assessed: { from: ['draft', 'assessed'], to: 'assessed' },
  verificationPassed: { from: ['syncing', 'verified'], to: 'verified' },
  verificationLapsed: { from: ['verified'], to: 'syncing' },
  cutoverStarted: { from: ['verified'], to: 'cutting_over' },
  cutoverAborted: { from: ['cutting_over'], to: 'syncing' },
  opened: { from: ['cutting_over'], to: 'live' },
  rollbackStarted: { from: ['cutting_over', 'live'], to: 'rolled_back' },
  rollbackFinished: { from: ['rolled_back'], to: 'syncing' },
  completed: { from: ['live'], to: 'completed' },
};

/** Phases in which a run may begin; `failed` and `cancelled` count as the phase they lead back to. */
const RUN_PHASES: Record<RunKind, readonly Phase[]> = {
  full: ['draft', 'assessed', 'syncing', 'verified'],
  demo: ['draft', 'assessed', 'syncing', 'verified'],
  recent: ['syncing', 'verified'],
  resync: ['syncing', 'verified'],
  continuous: ['syncing', 'verified'],
};

/** Pause lies over any phase but the frozen stretch; a completed project has nothing left to pause. */
const NEVER_PAUSED: readonly Phase[] = ['cutting_over', 'completed'];

/** The phase a failed or cancelled project leads back to; any other phase is its own. */
export function groundPhase({ phase, before }: Pick<Standing, 'phase' | 'before'>): Phase {
  return phase === 'failed' || phase === 'cancelled' ? (before ?? 'draft') : phase;
}

export function runKindsAllowed(standing: Standing): readonly RunKind[] {
  if (standing.paused || standing.running !== null) return [];
  return RUN_KINDS.filter((kind) => RUN_PHASES[kind].includes(groundPhase(standing)));
}

/** Commands that would change something now, in the order of `COMMANDS`; only the ledger knows of gates. */
export function allowedCommands(standing: Standing): readonly Command[] {
  const pausable = !NEVER_PAUSED.includes(standing.phase);
  const allowed: Record<Command, boolean> = {
    startRun: runKindsAllowed(standing).length > 0,
    pause: pausable && !standing.paused,
    resume: standing.paused,
    cancel: standing.running !== null,
    approve: false,
    setRate: standing.phase !== 'completed',
    // The other runs end by themselves.
    finish: standing.running === 'continuous',
  };
  return COMMANDS.filter((command) => allowed[command]);
}

/** A repeated pause or resume is accepted and changes nothing (P14). */
export function isAllowed(standing: Standing, command: Command): boolean {
  if (command === 'pause') return !NEVER_PAUSED.includes(standing.phase);
  if (command === 'resume') return standing.paused || !NEVER_PAUSED.includes(standing.phase);
  // Whether a gate is open is the ledger's to say.
  if (command === 'approve') return standing.phase !== 'completed';
  return allowedCommands(standing).includes(command);
}

/** Standing after an event; null where the event has no place, which is a bug of the caller. */
export function afterEvent(standing: Standing, event: PhaseEvent, kind: RunKind | null = null): Standing | null {
  if (event === 'runStarted') return kind === null ? null : runStarted(standing, kind);
  if (event === 'runCompleted' || event === 'runFailed' || event === 'runCancelled') return afterRun(standing, event);
  const fixed = FIXED[event];
  return fixed?.from.includes(standing.phase) ? { ...standing, phase: fixed.to } : null;
}

function runStarted(standing: Standing, kind: RunKind): Standing | null {
  if (!runKindsAllowed(standing).includes(kind)) return null;
  const before = groundPhase(standing);
  return { ...standing, before, running: kind, phase: copies(kind) ? 'copying' : before };
}

function afterRun(standing: Standing, event: 'runCompleted' | 'runFailed' | 'runCancelled'): Standing | null {
  const { running, before, phase } = standing;
  if (running === null) return null;
  const ground = before ?? 'draft';
  if (event === 'runFailed') return { ...standing, running: null, phase: 'failed', before: ground };
  if (event === 'runCancelled') return { ...standing, running: null, phase: 'cancelled', before: ground };
  // Only a full run makes a baseline; a demo leaves the project where it was.
  if (running === 'full') return { ...standing, running: null, phase: 'syncing', before: null };
  return { ...standing, running: null, phase: copies(running) ? ground : phase, before: null };
}

function copies(kind: RunKind): boolean {
  return kind === 'full' || kind === 'demo';
}
