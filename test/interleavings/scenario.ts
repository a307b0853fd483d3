import { applyBatch } from '../../src/activities/apply/apply-batch.ts';
import { nominate, upsert } from '../../src/activities/apply/fetch-changes.ts';
import { type ApplyDeps, GAVE_UP } from '../../src/activities/apply/work.ts';
import type { ConflictPolicy } from '../../src/domain/mapping.ts';
import { DEFAULT_MAPPING } from '../../src/domain/mapping.ts';
import type { RecordRef } from '../../src/domain/entity.ts';
import type { Guards } from '../../src/domain/guards.ts';
import type { ApplyLedger } from '../../src/ledger/apply-ledger.ts';
import { ModelSource, ModelTarget, MODEL_SOURCE_PROFILE, MODEL_TARGET_PROFILE } from '../support/model-stores.ts';
import { Crash, random, Stepper } from '../support/stepper.ts';

/** A ledger under test, with a clock that the scenario moves and a view of what it holds at the end. */
export interface LedgerUnderTest {
  readonly ledger: ApplyLedger;
  readonly leaseMs: number;
  clock(): number;
  advance(ms: number): Promise<void>;
  /** Source id → target id of live records, and what is still in the queue by state and reason. */
  view(): Promise<{ pairs: Map<string, string>; queue: { sourceId: string; state: string; reason: string | null }[] }>;
}

export const TIMES = {
  leaseMs: 30_000,
  settleMs: 20_000,
  requestTimeoutMs: 5_000,
  lateLimitMs: 10_000,
  editsMaxAgeMs: 10_000,
  pollOverlapMs: 60_000,
};

/** One seeded story; returns what went wrong, null when both stores ended equal under the policies. */
export async function interleave(
  seed: number,
  under: LedgerUnderTest,
  guards: Guards,
  settleMs = TIMES.settleMs,
): Promise<string | null> {
  const story = new Story(seed, under, guards, settleMs);
  try {
    await story.live();
    await story.settle();
    return await story.verdict();
  } catch (error) {
    return `broke: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
  }
}

const POLICIES: readonly ConflictPolicy[] = ['review', 'source_wins', 'target_wins'];

class Story {
  private readonly draw: () => number;
  private readonly stepper: Stepper;
  private readonly source = new ModelSource();
  private readonly target: ModelTarget;
  private readonly under: LedgerUnderTest;
  private readonly guards: Guards;
  private readonly settleMs: number;
  private readonly policy: ConflictPolicy;
  /** What is deleted at the target is only put away, and may come back with its record. */
  private readonly archives: boolean;
  private readonly unheard = new Set<string>();
  private readonly failures: unknown[] = [];
  private readonly running = new Set<Promise<void>>();
  private readonly naps: (() => void)[] = [];
  private faults = true;
  private open = true;
  private skewMs = 0;
  private texts = 0;
  private workers = 0;

  constructor(seed: number, under: LedgerUnderTest, guards: Guards, settleMs: number) {
    this.draw = random(seed);
    this.stepper = new Stepper(this.draw);
    this.under = under;
    this.guards = guards;
    this.settleMs = settleMs;
    this.archives = seed % 32 === 1;
    this.policy = POLICIES[Math.floor(this.draw() * POLICIES.length)] ?? 'review';
    this.target = new ModelTarget({
      clock: () => under.clock(),
      fate: () => this.fate(),
      lateLimitMs: TIMES.lateLimitMs,
      // From the last look to the commit at the target: the age allowed, plus a lease in which the write may still leave.
      // Where the target wins, an edit that was seen and kept may be overwritten by the source's next change.
      showing: this.policy === 'review',
      windowMs: TIMES.editsMaxAgeMs + under.leaseMs,
      archives: this.archives,
    });
  }

  private fate() {
    if (!this.faults) return 'done' as const;
    const dice = this.draw();
    if (dice < 0.06) return 'lost-done' as const;
    if (dice < 0.12) return 'lost-late' as const;
    if (dice < 0.16) return 'lost-never' as const;
    return dice < 0.2 ? ('busy' as const) : ('done' as const);
  }

  private chance(share: number): boolean {
    return this.draw() < share;
  }
  private pick(): string {
    return String(1 + Math.floor(this.draw() * 4));
  }
  private name(): string {
    return ['Acme', 'acme', 'Bolt', 'Cork'][Math.floor(this.draw() * 4)] ?? 'Acme';
  }

  async live(): Promise<void> {
    for (let id = 1; id <= 4; id++) if (this.chance(0.8)) this.write(String(id), this.name());
    if (this.chance(0.3)) this.target.createByMerchant('Bolt');
    this.start('copy', () => this.copy());
    this.start('life', () => this.life());
    this.start('poll', () => this.poll());
    this.start('merchant', () => this.merchant());
    this.hire();
    this.hire();
    await this.steps(140);
    if (this.archives) await this.comeAndGo();
  }

  private async steps(most: number): Promise<void> {
    for (let steps = 0; steps < most; steps++) {
      await this.fateOfProcesses();
      if (!this.stepper.busy) await this.pass(500);
      await this.stepper.step();
    }
  }

  /** What went comes back, and goes again: at times when all of it is known, at times in the midst of it. */
  private async comeAndGo(): Promise<void> {
    for (const goes of [true, false, true, false]) {
      if (this.chance(0.6)) await this.calm();
      this.faults = true;
      for (const id of ['1', '2', '3', '4']) {
        if (this.source.rows.has(id) !== goes || (goes && this.chance(0.4))) continue;
        if (goes) this.source.rows.delete(id);
        else this.write(id, this.name());
        this.tell(id);
      }
      await this.steps(40);
    }
  }

  private start(actor: string, act: () => Promise<void>): void {
    const run = act().catch((error: unknown) => {
      if (!(error instanceof Crash)) this.failures.push(error);
    });
    this.running.add(run);
    void run.then(() => this.running.delete(run));
  }

  /** Time passes, processes stop, go on and die. */
  private async fateOfProcesses(): Promise<void> {
    if (this.chance(0.1)) await this.pass(this.chance(0.2) ? this.under.leaseMs + 1_000 : 500);
    const worker = `w${1 + Math.floor(this.draw() * this.workers)}`;
    if (this.chance(0.02)) this.stepper.stopped.add(worker);
    if (this.chance(0.06)) this.stepper.stopped.delete(worker);
    if (this.chance(0.015) && !this.stepper.crashed.has(worker)) {
      this.stepper.crash(worker);
      this.hire();
    }
    // A reader that sleeps between its look and the queue brings old news.
    if (this.chance(0.05)) this.stepper.stopped.add('copy');
    if (this.chance(0.02)) this.stepper.stopped.delete('copy');
    if (this.chance(0.05)) this.stepper.stopped.add('poll');
    if (this.chance(0.03)) this.stepper.stopped.delete('poll');
    if (this.chance(0.02)) this.source.silent = !this.source.silent;
  }

  private async pass(ms: number): Promise<void> {
    await this.under.advance(ms);
    this.target.tick();
    await this.wakeAll();
  }

  private write(id: string, name: string): void {
    const modifiedAt = new Date(this.under.clock() + this.skewMs).toISOString();
    this.source.rows.set(id, { name, text: `v${++this.texts}`, modifiedAt });
  }

  private async life(): Promise<void> {
    for (let n = 0; n < 6; n++) {
      await this.stepper.turn('life', 'edit');
      const id = this.pick();
      if (this.chance(0.15)) this.skewMs -= 90_000;
      if (this.source.rows.has(id) && this.chance(0.3)) this.source.rows.delete(id);
      else this.write(id, this.chance(0.5) ? (this.source.rows.get(id)?.name ?? this.name()) : this.name());
      this.tell(id);
      if (this.chance(0.3)) this.tell(id);
    }
  }

  /** A hint: lost at times, doubled, and late by as many turns as it takes. */
  private tell(id: string): void {
    if (this.chance(0.1)) {
      this.unheard.add(id);
      return;
    }
    this.start('hint', async () => {
      await this.stepper.turn('hint', `about ${id}`);
      await this.hint(id, 'hint');
    });
  }

  private async hint(id: string, actor: string): Promise<void> {
    const { ledger } = this.under;
    await this.stepper.touch(actor, `tell ${id}`, async () => {
      const after = await ledger.readNumber();
      await ledger.enqueue([{ kind: 'fetch', ref: brand(id), reason: 'hint', after }]);
    });
  }

  private async copy(): Promise<void> {
    const source = this.source.asSource((label) => this.stepper.turn('copy', label));
    for (let round = 0; round < 2; round++) {
      const start = await this.stepper.touch('copy', 'start', () => this.under.ledger.readNumber());
      const page = await source.readByIds('brand', ['1', '2', '3', '4'], new AbortController().signal);
      const end = await this.stepper.touch('copy', 'end', () => this.under.ledger.readNumber());
      const arrivals = [
        ...page.records.map((record) => upsert(record, { start, end }, 'copy')),
        ...page.missing.map((ref) => nominate(ref, { start, end }, this.guards)),
      ];
      await this.stepper.touch('copy', 'queue', () => this.under.ledger.enqueue(arrivals));
    }
  }

  /** Asks what changed since it was last here, less the overlap: old news when it sleeps between its look and the queue. */
  private async poll(): Promise<void> {
    let watermark: number | null = null;
    for (let round = 0; round < 3; round++) {
      const until = this.under.clock();
      const start = await this.stepper.touch('poll', 'start', () => this.under.ledger.readNumber());
      await this.stepper.turn('poll', 'list what changed');
      const records = this.source.changedSince(watermark === null ? -Infinity : watermark - TIMES.pollOverlapMs);
      const end = await this.stepper.touch('poll', 'end', () => this.under.ledger.readNumber());
      const arrivals = records.map((record) => upsert(record, { start, end }, 'poll'));
      await this.stepper.touch('poll', 'queue', () => this.under.ledger.enqueue(arrivals));
      watermark = until;
    }
  }

  private async merchant(): Promise<void> {
    for (let n = 0; n < 2; n++) {
      await this.stepper.turn('merchant', 'edit');
      const ids = [...this.target.rows.keys()];
      const id = ids[Math.floor(this.draw() * ids.length)];
      if (id !== undefined) this.target.editByMerchant(id, `merchant ${n}`);
    }
  }

  private hire(): void {
    const actor = `w${++this.workers}`;
    this.start(actor, async () => {
      const ledger = this.stepping(actor);
      while (this.open) await this.work(actor, ledger);
    });
  }

  private async work(actor: string, ledger: ApplyLedger): Promise<void> {
    const deps = this.deps(actor, ledger);
    const leaseStarted = this.under.clock();
    const batch = await ledger.claim(actor, { brand: 2 });
    if (batch === null || batch === 'paused') return this.nap();
    const sendBefore = leaseStarted + batch.leaseMs - TIMES.requestTimeoutMs;
    await applyBatch(deps, batch, { signal: new AbortController().signal, sendBefore });
  }

  /** Nothing to claim: rests until it is woken, so that a story is not mostly idle claims. */
  private nap(): Promise<void> {
    return new Promise((wake) => this.naps.push(wake));
  }
  private async wakeAll(): Promise<void> {
    for (const wake of this.naps.splice(0)) wake();
    await this.stepper.atRest();
  }

  private deps(actor: string, ledger: ApplyLedger): ApplyDeps {
    const step = (label: string) => this.stepper.turn(actor, label);
    return {
      ledger,
      source: this.source.asSource(step),
      target: this.target.asTarget(step, () => this.under.clock()),
      sourceProfile: MODEL_SOURCE_PROFILE,
      targetProfile: MODEL_TARGET_PROFILE,
      mapping: { ...DEFAULT_MAPPING, conflicts: { brand: this.policy } },
      options: {
        settleMs: this.settleMs,
        requestTimeoutMs: TIMES.requestTimeoutMs,
        foreignEditsMaxAgeMs: TIMES.editsMaxAgeMs,
        concurrency: 2,
        skewMs: 0,
      },
      guards: this.guards,
      now: () => this.under.clock(),
    };
  }

  /** The real ledger, one step of the stepper before each of its statements. */
  private stepping(actor: string): ApplyLedger {
    const wrap = <T extends object>(object: T): T =>
      new Proxy(object, {
        get: (target, name) => {
          const member = Reflect.get(target, name) as unknown;
          if (typeof member === 'function') {
            return (...args: unknown[]) =>
              this.stepper.touch(actor, String(name), async () =>
                (member as (...a: unknown[]) => Promise<unknown>).apply(target, args),
              );
          }
          return typeof member === 'object' && member !== null ? wrap(member) : member;
        },
      });
    return wrap(this.under.ledger);
  }

  async settle(): Promise<void> {
    await this.calm();
    this.open = false;
    await this.wakeAll();
    while (this.stepper.busy) await this.stepper.step();
    await this.pass(TIMES.lateLimitMs + 1_000);
  }

  /** Everybody comes back, faults end, what nobody heard of is told, and time passes until the queue is quiet. */
  private async calm(): Promise<void> {
    this.stepper.stopped.clear();
    this.faults = false;
    this.source.silent = false;
    for (let steps = 0; steps < 400 && (await this.unquiet(steps)); steps++) {
      if (this.stepper.busy) await this.stepper.step();
      if (steps % 10 === 9 || !this.stepper.busy) await this.pass(5_000);
      if (steps === 60) for (const id of this.unheard) this.start('sweep', () => this.hint(id, 'sweep'));
    }
  }

  private async unquiet(steps: number): Promise<boolean> {
    if (steps < 100 || steps % 10 !== 0) return true;
    const { queue } = await this.under.view();
    // As at the end of a run: what a person must decide keeps nobody else waiting.
    const due = queue.filter((row) => row.state !== 'held');
    if (due.length > 0 && due.every((row) => row.state === 'waiting')) await this.under.ledger.giveUpWaiting(GAVE_UP);
    return queue.some((row) => row.state !== 'held');
  }

  async verdict(): Promise<string | null> {
    const faults: string[] = this.failures.map((failure) => `threw ${String(failure)}`);
    const { pairs, queue } = await this.under.view();
    for (const row of queue) {
      if (row.state !== 'held' || row.reason !== 'conflict')
        faults.push(`${row.sourceId} is left ${row.state} (${row.reason})`);
    }
    const held = new Set(queue.filter((row) => row.state === 'held').map((row) => row.sourceId));
    const paired = new Set(pairs.values());
    for (const [id, row] of this.source.rows) faults.push(...this.compare(id, row, pairs.get(id), held));
    for (const [id] of pairs)
      if (!this.source.rows.has(id) && !held.has(id))
        faults.push(`${id} is gone at the source and alive at the target`);
    for (const [id, row] of this.target.rows) {
      if (!paired.has(id) && row.byMerchant === null) faults.push(`${id} at the target is nobody's: a double`);
    }
    if (this.policy !== 'source_wins')
      faults.push(...this.target.unseenOverwrites.map((what) => `overwrote an edit of the merchant: ${what}`));
    if (faults.length === 0) return null;
    return `policy ${this.policy}\n${faults.join('\n')}\n${this.stepper.trace.join('\n')}`;
  }

  private compare(
    id: string,
    row: { name: string; text: string },
    targetId: string | undefined,
    held: ReadonlySet<string>,
  ): string[] {
    if (held.has(id)) return [];
    const there = this.target.rows.get(targetId ?? '');
    if (there === undefined) return [`${id} is lost`];
    if (this.policy === 'target_wins' && there.byMerchant !== null) return [];
    const rightName = [row.name, `${row.name} (#${id})`].includes(there.name);
    if (there.byMerchant !== null && !rightName) return [`${id} has the name ${there.name}, not ${row.name}`];
    if (there.byMerchant !== null) return [];
    return there.text === row.text && rightName
      ? []
      : [`${id} is ${there.name}/${there.text}, should be ${row.name}/${row.text}`];
  }
}

function brand(sourceId: string): RecordRef {
  return { entity: 'brand', sourceId };
}
