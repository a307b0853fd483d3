import { type Kysely, type QueryExecutorProvider, sql } from 'kysely';
import { type Command, followsSource, type Phase, type RunKind } from '../domain/phases.ts';
import { mappingDiff } from '../domain/mapping-diff.ts';
import { backupProblem, completeOptions, licenseProblem, type ProjectOptions } from '../domain/project-options.ts';
import { waitsForApproval } from '../domain/gate-words.ts';
import type { RateChanges } from '../domain/rates.ts';
import type { RunOptions } from '../domain/run-options.ts';
import { appendDecision } from './decisions.ts';
import { useGateToken } from './gate-tokens.ts';
import { latestGate, openGates, passGate } from './gates.ts';
import { mappingAt, mappingFingerprint } from './mappings.ts';
import { ledgerClock } from './project-ledger.ts';
import { type Project, setPause } from './projects.ts';
import { setRates } from './project-options.ts';
import { activeRun, lastBaseline, openRun } from './runs.ts';
import { finishRun } from './following.ts';
import { sliceOf } from './slice-views.ts';
import type { LedgerTables } from './tables.ts';

/** A command whose phase is right, asking for the ledger's word (shape as the activity of the same name gives it). */
export interface CommandRequest {
  readonly command: Command;
  readonly kind?: RunKind;
  readonly by: string;
  readonly reason?: string;
  readonly options?: Partial<RunOptions>;
  readonly rates?: RateChanges;
  readonly gate?: string;
  readonly token?: string;
  readonly commandId: string;
  readonly phase: Phase;
  readonly nextPhase: Phase;
  readonly attention: string | null;
  readonly knownRun: string | null;
}
export type CommandAdmission =
  | {
      readonly admitted: true;
      readonly run: string | null;
      /** What a person must look at from here on; absent in answers of older versions. */
      readonly attention?: string | null;
    }
  | { readonly admitted: false; readonly code: string; readonly message: string };

/**
 * Admits a command in one transaction: the run row or the pause flag, the phase, the decision, and the answer under the
 * command's id, so that a second attempt gets the same answer and changes nothing (P14).
 */
export async function admitCommand(
  db: Kysely<LedgerTables>,
  project: Project,
  request: CommandRequest,
): Promise<CommandAdmission> {
  const key = keyOf(project.slug, request.commandId);
  return db.transaction().execute(async (transaction) => {
    await sql`SELECT id FROM projects WHERE id = ${project.id} FOR UPDATE`.execute(transaction);
    const earlier = await answered(transaction, key);
    if (earlier !== null) return earlier;
    const word = await carryOut(transaction, project, request);
    const admission = word.admitted
      ? { ...word, attention: await standAt(transaction, project.id, request.nextPhase, request.attention) }
      : word;
    const { reason, gate, rates, options } = request;
    const told = Object.entries({ reason, gate, rates, options }).filter(([, value]) => value !== undefined);
    const detail = { ...word, ...Object.fromEntries(told) };
    await appendDecision(transaction, project.id, request.by, request.command, detail);
    await sql`
      INSERT INTO idempotency_keys (key, route, request_hash, status, answer)
      VALUES (${key}, 'command', '', 200, ${JSON.stringify(admission)}::jsonb)`.execute(transaction);
    return admission;
  });
}

/** What was said to a command of this id; null: it never came to an answer. */
export function admissionOf(
  db: QueryExecutorProvider,
  slug: string,
  commandId: string,
): Promise<CommandAdmission | null> {
  return answered(db, keyOf(slug, commandId));
}

function keyOf(slug: string, commandId: string): string {
  return `command:${slug}:${commandId}`;
}

async function answered(transaction: QueryExecutorProvider, key: string): Promise<CommandAdmission | null> {
  const { rows } = await sql<{
    answer: CommandAdmission;
  }>`SELECT answer FROM idempotency_keys WHERE key = ${key}`.execute(transaction);
  return rows[0]?.answer ?? null;
}

async function carryOut(
  transaction: QueryExecutorProvider,
  project: Project,
  request: CommandRequest,
): Promise<CommandAdmission> {
  switch (request.command) {
    case 'startRun':
      return startRun(transaction, project, request);
    case 'pause':
      await setPause(transaction, project.id, request.reason ?? `paused by ${request.by}`);
      return { admitted: true, run: request.knownRun };
    case 'resume':
      await setPause(transaction, project.id, null);
      return { admitted: true, run: request.knownRun };
    case 'cancel':
      return { admitted: true, run: request.knownRun };
    case 'finish':
      await finishRun(transaction, project.id);
      return { admitted: true, run: request.knownRun };
    case 'approve':
      return approve(transaction, project, request);
    case 'setRate':
      await setRates(transaction, project.id, request.rates ?? {});
      return { admitted: true, run: request.knownRun };
  }
}

function refused(code: string, message: string): CommandAdmission {
  return { admitted: false, code, message };
}

async function approve(
  transaction: QueryExecutorProvider,
  project: Project,
  { gate = '', token = '', knownRun }: CommandRequest,
): Promise<CommandAdmission> {
  const approver = await useGateToken(transaction, project.id, gate, token);
  if (approver === null) {
    const how = `POST /v1/projects/${project.slug}/gates/${gate}/tokens gives one to approvers, for this gate and once`;
    return refused('token-refused', `the token is none of gate "${gate}", was used, or is too old: ${how}`);
  }
  if ((await passGate(transaction, project.id, gate, approver)) !== null) return { admitted: true, run: knownRun };
  const named = await latestGate(transaction, project.id, gate);
  if (named?.state === 'passed')
    return refused('gate-passed', `gate "${gate}" was passed by ${named.passedBy} already: nothing is left to approve`);
  const open = (await openGates(transaction, project.id)).map((one) => one.gate).join(', ') || 'none';
  return refused('no-open-gate', `no gate "${gate}" is open; open gates: ${open}`);
}

async function startRun(
  transaction: QueryExecutorProvider,
  project: Project,
  request: CommandRequest,
): Promise<CommandAdmission> {
  const running = await activeRun(transaction, project.id);
  // A run that the workflow does not know was admitted by an attempt whose answer got lost: it is started now.
  if (running !== null && running.name !== request.knownRun && running.kind === request.kind)
    return { admitted: true, run: running.name };
  if (running !== null) {
    return {
      admitted: false,
      code: 'run-active',
      message: `run ${running.name} is active: wait for its end, or cancel it`,
    };
  }
  const missing = await prerequisiteMissing(transaction, project, request);
  if (missing !== null) return missing;
  const run = await openRun(transaction, {
    projectId: project.id,
    kind: request.kind ?? 'full',
    mappingVersion: project.mappingVersion,
    mappingFingerprint: mappingFingerprint(project.mapping),
    ...(request.options === undefined ? {} : { options: request.options }),
  });
  if (run === null)
    return { admitted: false, code: 'run-active', message: 'another run was started at the same moment' };
  return { admitted: true, run: run.name };
}

/** What must be there before a run may write; null: all of it is. */
async function prerequisiteMissing(
  transaction: QueryExecutorProvider,
  project: Project,
  { kind, options }: CommandRequest,
): Promise<CommandAdmission | null> {
  const given = completeOptions(project.options as Partial<ProjectOptions>);
  const unlicensed = licenseProblem(given, await ledgerClock(transaction));
  if (unlicensed !== undefined) return refused('license-window', unlicensed);
  // What a recent run writes is what the baseline wrote, whose backup was confirmed.
  if (kind !== undefined && followsSource(kind)) return baselineMissing(transaction, project);
  const backup = backupProblem(given, new Date().toISOString());
  if (backup !== undefined) return { admitted: false, code: 'backup-not-confirmed', message: backup };
  const slice = options?.slice ?? null;
  if (slice === null || (await sliceOf(transaction, project.id, slice)) !== null) return null;
  return {
    admitted: false,
    code: 'unknown-slice',
    message: `slice ${slice} is none of this project's: GET /v1/projects/${project.slug}/runs/<run>/slices lists them`,
  };
}

/** When nothing else wants a person, a gate that is open does, whatever run left it so. Returns what there is to look at. */
/** A recent run follows a completed full run with the same mapping; null: there is one. */
async function baselineMissing(transaction: QueryExecutorProvider, project: Project): Promise<CommandAdmission | null> {
  const baseline = await lastBaseline(transaction, project.id);
  if (baseline === null)
    return refused('no-baseline', 'no full run of this project was completed: start one, recent runs follow it');
  if (baseline.mappingFingerprint === mappingFingerprint(project.mapping)) return null;
  const then = await mappingAt(transaction, project.id, baseline.mappingVersion);
  const changes = then === null ? [] : mappingDiff(then, project.mapping).map(({ path }) => path);
  const what = changes.length === 0 ? '' : ` (${changes.slice(0, 5).join(', ')})`;
  return refused('mapping-changed', `the mapping changed since the baseline ${baseline.name}${what}: start a full run`);
}

async function standAt(
  transaction: QueryExecutorProvider,
  projectId: number,
  phase: Phase,
  wanted: string | null,
): Promise<string | null> {
  const [waiting] = wanted === null ? await openGates(transaction, projectId) : [];
  const attention = waiting === undefined ? wanted : waitsForApproval(waiting.gate);
  await sql`
    UPDATE projects SET phase = ${phase}, attention = ${attention}, updated_at = clock_timestamp() WHERE id = ${projectId}`.execute(
    transaction,
  );
  return attention;
}

/** Stores where a project stands and why; told again it changes nothing. Returns what a person must look at from here on. */
export async function recordPhase(
  db: Kysely<LedgerTables>,
  projectId: number,
  change: { readonly phase: Phase; readonly by: string; readonly why: string; readonly attention: string | null },
): Promise<string | null> {
  return db.transaction().execute(async (transaction) => {
    const attention = await standAt(transaction, projectId, change.phase, change.attention);
    await appendDecision(transaction, projectId, change.by, `phase ${change.phase}`, { why: change.why });
    return attention;
  });
}
