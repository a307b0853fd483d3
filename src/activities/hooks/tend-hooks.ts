import { StoreFailure } from '../../connectors/http/failures.ts';
import type { HookRegistry, RegisteredHook } from '../../connectors/hooks.ts';
import { appendDecision } from '../../ledger/decisions.ts';
import { hooksToLookAt, noteHook, notedHooks, noteTrouble, type NotedHook, releaseHooks } from '../../ledger/hooks.ts';
import { setAttention } from '../../ledger/projects.ts';
import { askForSweeps } from '../../ledger/records/sweeps.ts';
import type { RunScope } from '../run-scope.ts';
import { isOurs } from './register-hooks.ts';

/** While a run polls, the list of hooks is asked for at most this often: one request. */
export const LOOK_EVERY_MS = 3 * 60_000;

type TendScope = Pick<RunScope, 'db' | 'projectId' | 'source' | 'signal'>;

/**
 * Looks at our webhooks at the source and makes those active again that the platform has disabled. What was missed meanwhile is
 * found by the poll, which goes by its watermark and not by hooks; entities that no poll can list by change are read as a whole
 * by the next run that plans. A look that fails stops no run: hooks make it quicker, the poll makes it whole (P1).
 */
export async function tendHooks(scope: TendScope, olderThanMs: number): Promise<void> {
  const { hooks: registry } = scope.source;
  if (registry === undefined) return;
  const mark = await hooksToLookAt(scope.db, scope.projectId, olderThanMs);
  if (mark === null) return;
  try {
    const ours = (await registry.list(scope.signal)).filter((one) => isOurs(one, mark));
    const seen = (await notedHooks(scope.db, scope.projectId)).map((noted) => ({ noted, now: found(noted, ours) }));
    await enableAgain(scope, registry, seen);
    await tellOfGone(scope, seen);
  } catch (error) {
    if (!(error instanceof StoreFailure)) throw error;
    await trouble(scope, `the webhooks at the source could not be looked after: ${error.message}`);
  } finally {
    await releaseHooks(scope.db, scope.projectId);
  }
}

interface Seen {
  readonly noted: NotedHook;
  /** Undefined: it is not at the source any more. */
  readonly now: RegisteredHook | undefined;
}

function found({ hookId, topic }: NotedHook, ours: readonly RegisteredHook[]): RegisteredHook | undefined {
  return ours.find(({ id }) => id === hookId) ?? ours.find((one) => one.topic === topic);
}

async function enableAgain(scope: TendScope, registry: HookRegistry, seen: readonly Seen[]): Promise<void> {
  const { db, projectId, source } = scope;
  const disabled = seen.flatMap(({ now }) => (now?.state === 'disabled' ? [now] : []));
  if (disabled.length === 0) return;
  for (const one of disabled) {
    await noteHook(db, projectId, { topic: one.topic, hookId: one.id, state: 'disabled' });
  }
  const topics = disabled.map(({ topic }) => topic);
  // Asked for first: a look that dies behind the next line finds nothing disabled when it comes again.
  const blind = registry.format.topics
    .filter(({ topic }) => topics.includes(topic))
    .map(({ entity }) => entity)
    .filter((entity) => !source.entities.some((row) => row.entity === entity && row.modifiedFilter));
  const sweeps = await askForSweeps(db, projectId, [...new Set(blind)]);
  for (const { id, topic } of disabled) {
    await registry.enable(id, {}, scope.signal);
    await noteHook(db, projectId, { topic, hookId: id, state: 'active' }, true);
  }
  await appendDecision(db, projectId, 'rule', 'webhooks that the source had disabled made active again', {
    topics,
    sweeps,
  });
}

/** One that a person paused or took away is not made again behind their back. */
async function tellOfGone(scope: TendScope, seen: readonly Seen[]): Promise<void> {
  const { db, projectId } = scope;
  for (const { noted, now } of seen) {
    const state = now === undefined ? 'gone' : now.state === 'paused' ? 'paused' : 'active';
    const hookId = now?.id ?? noted.hookId;
    if (state !== noted.state || hookId !== noted.hookId) {
      await noteHook(db, projectId, { topic: noted.topic, hookId, state });
    }
  }
  const lost = seen.filter(({ now }) => now === undefined || now.state === 'paused').map(({ noted }) => noted.topic);
  if (lost.length === 0) {
    await noteTrouble(db, projectId, null);
    return;
  }
  const what = `webhooks are paused or gone at the source (${lost.join(', ')})`;
  await trouble(scope, `${what}: storeferry hooks register <project> makes them anew; polling goes on meanwhile`);
}

/** The run goes on; a person may look. Said once, however many looks find the same. */
async function trouble({ db, projectId }: TendScope, what: string): Promise<void> {
  if (!(await noteTrouble(db, projectId, what))) return;
  await setAttention(db, projectId, what);
  await appendDecision(db, projectId, 'rule', 'webhooks of the source need a look', { what });
}
