import type { Entity } from '../domain/entity.ts';
import { waitsForApproval } from '../domain/gate-words.ts';
import { isObject, type Json } from '../domain/json.ts';
import { passName, passSizes } from '../domain/run-options.ts';
import { brokenByReadBack, type Broken, type ReadBackFacts } from '../domain/stop-rules.ts';
import { listDecisions } from '../ledger/decisions.ts';
import { gateState, openRunGate, passByRule } from '../ledger/gates.ts';
import { getPass, notePass, openPass, type Pass } from '../ledger/passes.ts';
import { recordsToReadBack } from '../ledger/records/read-back.ts';
import { captureLagSeconds } from '../ledger/run-facts.ts';
import { ADJUSTED } from '../ledger/records/accounts.ts';
import { settledWords } from '../ledger/status.ts';
import { setAttention } from '../ledger/projects.ts';
import { createProjectLedger } from '../ledger/project-ledger.ts';
import type { PassReview, PassVerdict } from './activity-types.ts';
import { ownedAmong } from './owned-among.ts';
import { inLanes } from './apply/lanes.ts';
import { type ComparedRecord, readBack } from './read-back.ts';
import type { RunScope } from './run-scope.ts';

/** Of the trial everything is read back, as far as this many records of an entity; of later passes a sample. */
const TRIAL_MOST = 500;
const SAMPLE = 25;
/**
 * Metafields: those of the trial are found in lists over all records, and a few records' own lists make up for what is not; later
 * passes are too large for that, and a list for each record would cost more than the read-back itself.
 */
const TRIAL_PAGES = 4;
const ALONE = 2;
/** The target's clock may be behind ours by so much. */
const SKEW_MS = 300_000;
const SIDE_BY_SIDE = 10;
const MISMATCHES_SHOWN = 20;
/** For so long the evidence of a gate holds; then it is gathered anew. */
const GATE_LIVES_MS = 24 * 3_600_000;

/** The end of a pass (design §5): read-back, note, stop rules, gate. Done again it looks again, and opens no second gate. */
export async function reviewPass(scope: RunScope, review: PassReview): Promise<PassVerdict> {
  const { name, isTrial } = await startOf(scope, review.pass);
  const pass = await getPass(scope.db, scope.runId, review.pass);
  if (pass === null) throw new Error(`pass ${review.pass} of ${scope.run.name} was never opened`);
  if (pass.state === 'passed') return { verdict: 'go' };
  const compared = await compareSome(scope, pass, isTrial);
  const broken = brokenByReadBack(factsOf(compared), scope.options.stopRules);
  const note = await noteOf(scope, pass, compared, broken);
  const [first] = broken;
  if (first !== undefined && !review.waived) {
    await notePass(scope.db, scope.runId, review.pass, { state: 'stopped', note });
    return { verdict: 'stop', reason: `${name}: ${first.rule}: ${first.message}` };
  }
  const isOpen = !isTrial || (await atGate(scope, evidenceOf(note), broken.length === 0));
  await notePass(scope.db, scope.runId, review.pass, { state: isOpen ? 'passed' : 'waiting', note });
  return isOpen ? { verdict: 'go' } : { verdict: 'gate', gate: TRIAL, livesMs: GATE_LIVES_MS };
}

const TRIAL = 'trial';

/** Opens the pass where that was not done yet; called by whoever comes first to it. */
export async function startOf(
  scope: RunScope,
  number: number,
): Promise<{ name: string; isTrial: boolean; hasGate: boolean }> {
  const sizes = passSizes(scope.run.kind, scope.run.options);
  const name = passName(scope.run.kind, number, sizes);
  await openPass(scope.db, scope.runId, { number, name });
  const isTrial = scope.run.kind === 'full' && number === 1 && sizes.length > 0;
  return { name, isTrial, hasGate: isTrial && !scope.run.options.autoApprove };
}

/** Whether the way is free behind the trial's gate. */
async function atGate(scope: RunScope, evidence: Json, isClean: boolean): Promise<boolean> {
  if ((await gateState(scope.db, scope, TRIAL)) === 'passed') return true;
  if (scope.run.options.autoApprove && isClean) {
    await passByRule(scope.db, scope, { name: TRIAL, evidence });
    return true;
  }
  await openRunGate(scope.db, scope, { name: TRIAL, evidence, livesMs: GATE_LIVES_MS });
  await setAttention(scope.db, scope.projectId, waitsForApproval(TRIAL));
  return false;
}

async function compareSome(scope: RunScope, pass: Pass, isTrial: boolean): Promise<readonly ComparedRecord[]> {
  const compared = new Map<Entity, readonly ComparedRecord[]>();
  const since = new Date(Date.parse(pass.startedAt) - SKEW_MS).toISOString();
  const reach = { since, pages: isTrial ? TRIAL_PAGES : 0, alone: ALONE };
  const run = { projectId: scope.projectId, runId: scope.runId, startedAt: scope.run.startedAt };
  await inLanes(scope.entities, scope.settings.concurrency, async (entity) => {
    const of = { entity, since: pass.startedAt, most: isTrial ? TRIAL_MOST : SAMPLE };
    const meant = await recordsToReadBack(scope.db, run, of);
    const target = scope.target.entity(entity);
    const ownedOf = await ownedAmong(scope.db, scope, target, meant);
    compared.set(entity, await readBack(target, meant, reach, scope.signal, ownedOf));
    scope.heartbeat(`read records of ${compared.size} entities back`);
  });
  return scope.entities.flatMap((entity) => compared.get(entity) ?? []);
}

function factsOf(compared: readonly ComparedRecord[]): ReadBackFacts {
  const wrong = compared.filter(({ verdict }) => verdict === 'different' || verdict === 'gone');
  return {
    readBack: compared.length,
    mismatches: wrong.length,
    recentlyEdited: compared.filter(({ recent }) => recent).length,
    recentMismatches: wrong.filter(({ recent }) => recent).length,
  };
}

/** What an operator wants to know of a pass: size, runtime, rate, lag, what changed, what was found at the target. */
async function noteOf(
  scope: RunScope,
  pass: Pass,
  compared: readonly ComparedRecord[],
  broken: readonly Broken[],
): Promise<{ [name: string]: Json }> {
  const ledger = createProjectLedger(scope.db, { ...scope, leaseMs: scope.settings.leaseMs });
  const { ready, leased, parked, waiting, held } = await ledger.outstanding();
  const totals = await settledWords(scope.db, scope.runId);
  const before = (await getPass(scope.db, scope.runId, pass.number - 1))?.note;
  const words = lessThan(totals, isObject(before) ? before['totals'] : {});
  const records = Object.entries(words).reduce((sum, [word, count]) => (word === ADJUSTED ? sum : sum + count), 0);
  const seconds = Math.max(1, (Date.now() - Date.parse(pass.startedAt)) / 1_000);
  return {
    records,
    words,
    totals,
    batch: passSizes(scope.run.kind, scope.run.options)[pass.number - 1] ?? null,
    runtimeSeconds: Math.round(seconds),
    recordsPerMinute: Math.round((records / seconds) * 60),
    lagSeconds: Math.round(await captureLagSeconds(scope.db, scope.projectId)),
    lagRecords: ready + leased + parked + waiting,
    held,
    rates: { ...scope.options.rates },
    changed: await changedSince(scope, pass.startedAt),
    readBack: { ...factsOf(compared), edited: compared.filter(({ verdict }) => verdict === 'edited').length },
    broken: broken.map(({ rule, message }) => ({ rule, message })),
    mismatches: compared.filter(isWrong).slice(0, MISMATCHES_SHOWN).map(differences),
    ...(pass.number === 1 ? { sideBySide: onePerEntity(compared).map(shown) } : {}),
  };
}

const isWrong = ({ verdict }: ComparedRecord) => verdict === 'different' || verdict === 'gone';

function differences(record: ComparedRecord): Json {
  return shown({ ...record, fields: record.fields.filter(({ same }) => !same) });
}

function shown({ entity, sourceId, targetId, verdict, fields }: ComparedRecord): Json {
  return { entity, sourceId, targetId, verdict, fields: fields.map((field) => ({ ...field })) };
}

/** Ten records to look at: of as many entities as there are, those that differ first. */
function onePerEntity(compared: readonly ComparedRecord[]): readonly ComparedRecord[] {
  const sorted = [...compared.filter(isWrong), ...compared.filter((record) => !isWrong(record))];
  const firsts = sorted.filter((record, at) => sorted.findIndex(({ entity }) => entity === record.entity) === at);
  return [...firsts, ...sorted.filter((record) => !firsts.includes(record))].slice(0, SIDE_BY_SIDE);
}

/** The gate shows the note without its long lists; those are with the pass. */
function evidenceOf(note: { readonly [name: string]: Json }): Json {
  const { mismatches: _mismatches, sideBySide: _sideBySide, totals: _totals, ...evidence } = note;
  return { ...evidence, see: 'GET /v1/projects/<project>/runs/<run>/passes' };
}

async function changedSince(scope: RunScope, since: string): Promise<string[]> {
  const decisions = await listDecisions(scope.db, scope.projectId, { before: null, limit: 50 });
  return decisions
    .filter(({ at, what }) => at >= since && what !== 'startRun')
    .map(({ what, decidedBy }) => `${what} by ${decidedBy}`);
}

function lessThan(totals: Readonly<Record<string, number>>, before: Json | undefined): Record<string, number> {
  const known = isObject(before) ? before : {};
  const rest = Object.entries(totals).map(([word, count]): [string, number] => [
    word,
    count - Number(known[word] ?? 0),
  ]);
  return Object.fromEntries(rest.filter(([, count]) => count > 0));
}
