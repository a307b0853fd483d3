import type { ApplicationFailure } from '@temporalio/common';
import type {
  Activities,
  Admission,
  AdmitCommand,
  FollowBox,
  FollowResult,
  PassReview,
  PassVerdict,
  RecordPhase,
  RunGrant,
  RunOutcome,
  RunRequest,
  SlicePlan,
  WaitingGate,
  WorkBox,
} from '../../src/activities/activity-types.ts';
import type { OpenAlerts } from '../../src/domain/open-alerts.ts';
import type { Phase } from '../../src/domain/phases.ts';
import { runName } from '../../src/workflows/contract.ts';
import type { CommandAnswer, StartRunCommand } from '../../src/workflows/contract.ts';

type Name = keyof Activities;
export interface FakeRun {
  state: 'running' | RunOutcome;
  reason: string | null;
}

/**
 * One project of a ledger and two stores in memory: what activities would find there, without time or stores. It runs in the
 * test's own process, so that a worker may be killed and the facts stay.
 */
export class FakeProject {
  phase: Phase = 'draft';
  paused = false;
  attention: string | null = null;
  alerts: OpenAlerts | null = null;
  readonly runs = new Map<string, FakeRun>();
  /** The decision log. */
  readonly decisions: string[] = [];
  readonly calls: Record<Name, number> = {
    admitCommand: 0,
    recordPhase: 0,
    inspectRun: 0,
    closeRun: 0,
    noteSkippedFirings: 0,
    requestRun: 0,
    assess: 0,
    matchTarget: 0,
    planSlices: 0,
    readSlices: 0,
    captureChanges: 0,
    followSource: 0,
    applyChanges: 0,
    reviewPass: 0,
  };
  /** Slices of 100 records; a box reads one. */
  unread = 3;
  /** Records that changed since capture was last here. */
  changed = 0;
  /** Records in the queue; a box settles `batch`. */
  queued = 0;
  settled = 0;
  batch = 100;
  /** Of a continuous run: as the ledger has it. */
  finishing = false;
  parked = false;
  sweepDue = false;
  /** Passes that slices were planned for. */
  readonly planned: number[] = [];
  stops: { key: string; message: string }[] = [];
  readonly boxes: number[] = [];
  /** Commands as the ledger was asked to admit them. */
  readonly asked: AdmitCommand[] = [];
  /** Passes of the plan; a pass reads all slices that are left. */
  passes = 1;
  /** What the next reviews say; `go` when there is nothing left to say. */
  readonly verdicts: PassVerdict[] = [];
  readonly reviews: PassReview[] = [];
  /** A stop rule that the next box finds broken. */
  broken: string | null = null;
  /** A gate that the next boxes find open. */
  deleteGate: WaitingGate | null = null;
  /** Told when a call is past its gate. */
  onCall: (name: Name) => void = () => {};
  /** To the project's own workflow. */
  give: (command: StartRunCommand, id: string) => Promise<CommandAnswer> = () => Promise.reject(new Error('no way'));
  /** Firings that the server left out. */
  overlaps: (schedule: string) => Promise<number> = async () => 0;
  /** How often each activity still fails, and with what. */
  private readonly failures = new Map<Name, { left: number; error: ApplicationFailure }>();
  private readonly shut = new Set<Name>();
  private readonly answers = new Map<string, Admission>();
  private waiting: (() => void)[] = [];
  /** Whether the server still knows an open workflow for a run. */
  private readonly isOpen: (run: string) => Promise<boolean>;

  constructor(isOpen: (run: string) => Promise<boolean>) {
    this.isOpen = isOpen;
  }

  /** Calls of this activity come to a stand until `open`. */
  close(name: Name): void {
    this.shut.add(name);
  }
  open(name: Name): void {
    this.shut.delete(name);
    this.stir();
  }
  fail(name: Name, error: ApplicationFailure, times = 1): void {
    this.failures.set(name, { left: times, error });
  }
  mend(name: Name): void {
    this.failures.delete(name);
  }

  async call(name: Name, input: unknown, signal: AbortSignal): Promise<unknown> {
    this.calls[name] += 1;
    await this.gate(name, signal);
    const failure = this.failures.get(name);
    if (failure !== undefined && failure.left > 0) {
      failure.left -= 1;
      throw failure.error;
    }
    this.onCall(name);
    return signal.aborted ? undefined : this[name](input as never);
  }

  /** A shut gate holds an activity up; a pause lets those go that learn of pause in each claim. */
  private async gate(name: Name, signal: AbortSignal): Promise<void> {
    const stir = () => this.stir();
    signal.addEventListener('abort', stir);
    while (this.isHeldUp(name) && !signal.aborted) await new Promise<void>((resolve) => this.waiting.push(resolve));
    signal.removeEventListener('abort', stir);
  }

  private isHeldUp(name: Name): boolean {
    const heedsPause = name === 'readSlices' || name === 'applyChanges';
    return this.shut.has(name) && !(heedsPause && this.paused);
  }

  private stir(): void {
    for (const wake of this.waiting.splice(0)) wake();
  }

  admitCommand(command: AdmitCommand): Admission {
    this.asked.push(command);
    const before = this.answers.get(command.commandId);
    if (before !== undefined) return before;
    const answer = this.weigh(command);
    this.answers.set(command.commandId, answer);
    const word = answer.admitted ? 'admitted' : `refused: ${answer.code}`;
    this.decisions.push(`${command.command} by ${command.by} ${word}`);
    if (!answer.admitted) return answer;
    this.phase = command.nextPhase;
    if (command.command === 'approve' && command.gate === this.deleteGate?.gate) this.deleteGate = null;
    const { attention } = this.look(command.attention);
    if (command.command === 'pause') this.paused = true;
    if (command.command === 'resume') this.paused = false;
    if (command.command === 'finish') this.finishing = true;
    if (command.command === 'startRun') this.finishing = false;
    this.stir();
    return { ...answer, attention };
  }

  private weigh({ command, kind = 'full', knownRun }: AdmitCommand): Admission {
    if (command !== 'startRun') return { admitted: true, run: knownRun };
    const orphan = [...this.runs].find(([run, { state }]) => state === 'running' && run !== knownRun);
    const run = orphan?.[0] ?? runName(kind, this.runs.size + 1);
    if (this.stops.some(({ key }) => key === 'no-license')) {
      return { admitted: false, code: 'no-license', message: 'the license has ended; renew it' };
    }
    this.runs.set(run, { state: 'running', reason: null });
    return { admitted: true, run };
  }

  /** As the ledger does: a gate that is open wants a person when nothing else does. */
  private look(attention: string | null): { attention: string | null } {
    this.attention = attention ?? (this.deleteGate === null ? null : `gate ${this.deleteGate.gate} waits for approval`);
    return { attention: this.attention };
  }

  recordPhase({ phase, by, why, attention }: RecordPhase) {
    this.phase = phase;
    this.decisions.push(`${phase} by ${by}: ${why}`);
    return this.look(attention);
  }

  async inspectRun({ run }: { run: string }): Promise<FakeRun> {
    const row = this.runs.get(run);
    if (row === undefined) throw new Error(`no run ${run}`);
    if (row.state === 'running' && !(await this.isOpen(run))) {
      row.state = 'failed';
      row.reason = 'its workflow is gone';
    }
    return { ...row };
  }

  closeRun({ run, outcome, reason }: { run: string; outcome: RunOutcome; reason: string | null }): void {
    this.runs.set(run, { state: outcome, reason });
  }

  /** As the activity asks the project's workflow; the bench gives the way there. */
  async requestRun({ schedule, firing }: RunRequest): Promise<RunGrant> {
    const answer = await this.give({ kind: 'recent', by: `schedule ${schedule}` }, firing);
    if (answer.accepted) return { run: answer.run ?? '' };
    this.decisions.push(`schedule ${schedule} skipped: ${answer.refusal.code}`);
    return { skipped: answer.refusal.message };
  }
  async noteSkippedFirings({ schedule, run }: { schedule: string; run: string }): Promise<void> {
    const overlaps = await this.overlaps(schedule);
    if (overlaps > 0) this.decisions.push(`schedule ${schedule} skipped ${overlaps} during ${run}`);
  }

  assess() {
    return { counts: { product: this.unread * 100 }, stops: this.stops };
  }
  matchTarget() {
    return { existing: 0 };
  }
  planSlices({ pass = 1 }: SlicePlan) {
    this.planned.push(pass);
    this.sweepDue = false;
    return { slices: this.unread, records: this.unread * 100, passes: this.passes };
  }
  reviewPass(review: PassReview): PassVerdict {
    this.reviews.push(review);
    return this.verdicts.shift() ?? { verdict: 'go' };
  }
  captureChanges() {
    const recordsSeen = this.changed;
    this.queued += recordsSeen;
    this.changed = 0;
    return { recordsSeen };
  }
  followSource({ sweeping }: FollowBox): FollowResult {
    const { paused, finishing } = this;
    const told = { recordsSeen: 0, paused, finishing, sweepDue: false, parked: false };
    this.parked = false;
    if (paused || finishing) return told;
    const { recordsSeen } = this.captureChanges();
    const sweepDue = this.sweepDue && !sweeping;
    this.parked = recordsSeen === 0 && this.queued === 0 && !sweepDue && !sweeping;
    return { ...told, recordsSeen, sweepDue, parked: this.parked };
  }
  readSlices({ timeBoxMs }: WorkBox) {
    this.boxes.push(timeBoxMs);
    if (this.paused) return { recordsRead: 0, slicesLeft: this.unread, paused: true };
    const recordsRead = this.unread > 0 ? 100 : 0;
    this.unread = Math.max(0, this.unread - 1);
    this.queued += recordsRead;
    return { recordsRead, slicesLeft: this.unread, paused: false };
  }
  applyChanges({ timeBoxMs }: WorkBox) {
    this.boxes.push(timeBoxMs);
    const settled = this.paused ? 0 : Math.min(this.queued, this.batch);
    this.queued -= settled;
    this.settled += settled;
    const { broken, paused, deleteGate: gate } = this;
    this.broken = null;
    return { settled, outstanding: this.queued, stuck: 0, allRead: this.unread === 0, paused, broken, gate };
  }
}
