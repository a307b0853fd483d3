import { type QueryExecutorProvider, sql } from 'kysely';
import { type Entity, entityRank } from '../domain/entity.ts';
import { groupBy } from '../domain/group-by.ts';
import { changesIn, oldestIn, type QueueGroup } from './queue/queue-groups.ts';
import { STILL_WAITS, storesOf } from './project-stores.ts';
import { ADJUSTED } from './records/accounts.ts';

/** How far a run is with one entity. Counts of records. */
export interface EntityStatus {
  readonly entity: Entity;
  /** Known to be there at the source; for entities that come along with another: seen so far. */
  readonly planned: number;
  readonly read: number;
  readonly created: number;
  readonly updated: number;
  readonly unchanged: number;
  /** Of those carried, made acceptable to the target by a named fix. */
  readonly adjusted: number;
  readonly ignored: number;
  readonly deleted: number;
  readonly failed: number;
  /** In the queue: to be written now, waiting for another record or a reply, held for a person. */
  readonly ready: number;
  readonly waiting: number;
  readonly held: number;
}
export interface RunStatus {
  readonly entities: readonly EntityStatus[];
  readonly queueDepth: number;
  /** Age of the oldest change in the queue, seconds; null when it is empty. */
  readonly oldestSeconds: number | null;
  /** What changes wait for, most first, and what requests to the two stores wait for (P12). */
  readonly waits: readonly { readonly reason: string; readonly count: number }[];
}

/** @param queue all of the project's queue (`queueGroups`) */
export async function runStatus(
  db: QueryExecutorProvider,
  projectId: number,
  runId: number,
  queue: readonly QueueGroup[],
): Promise<RunStatus> {
  const [slices, counts, causes] = await Promise.all([
    sliceCounts(db, runId),
    settledCounts(db, runId),
    requestWaits(db, projectId),
  ]);
  const queued = groupBy(queue, ({ entity }) => entity);
  const names = new Set<Entity>([...slices.keys(), ...counts.keys(), ...queued.keys()]);
  const entities = [...names]
    .sort((a, b) => entityRank(a) - entityRank(b))
    .map((entity) =>
      entityStatus(entity, slices.get(entity), counts.get(entity) ?? new Map(), queued.get(entity) ?? []),
    );
  return {
    entities,
    queueDepth: changesIn(queue),
    oldestSeconds: oldestIn(queue),
    waits: [...changeWaits(queue), ...causes],
  };
}

type Counts = ReadonlyMap<string, number>;

function entityStatus(
  entity: Entity,
  slice: { planned: number; read: number } | undefined,
  words: Counts,
  queue: readonly QueueGroup[],
): EntityStatus {
  const word = (name: string) => words.get(name) ?? 0;
  const queued = (name: string) => changesIn(queue.filter(({ state }) => state === name));
  const settled = [...words].reduce((sum, [name, count]) => (name === ADJUSTED ? sum : sum + count), 0);
  const inQueue = changesIn(queue);
  return {
    entity,
    planned: slice?.planned ?? settled + inQueue,
    read: slice?.read ?? settled + inQueue,
    created: word('created') + word('restored') + word('adopted'),
    updated: word('updated'),
    unchanged: word('unchanged') + word('stale'),
    adjusted: word(ADJUSTED),
    ignored: word('ignored') + word('conflict') + word('target kept'),
    deleted: word('deleted') + word('archived') + word('released'),
    failed: word('dead letter'),
    ready: queued('ready') + queued('leased'),
    waiting: queued('waiting') + queued('parked'),
    held: queued('held'),
  };
}

async function sliceCounts(db: QueryExecutorProvider, runId: number) {
  const { rows } = await sql<{ entity: Entity; planned: number; read: number }>`
    SELECT entity, sum(cardinality(source_ids))::integer AS planned, sum(read_count)::integer AS read
    FROM slices WHERE run_id = ${runId} AND state <> 'listed' GROUP BY entity`.execute(db);
  return new Map(rows.map((row) => [row.entity, row]));
}

async function settledCounts(db: QueryExecutorProvider, runId: number) {
  const { rows } = await sql<{ entity: Entity; word: string; count: number }>`
    SELECT entity, word, count FROM run_counts WHERE run_id = ${runId}`.execute(db);
  const byEntity = new Map<Entity, Map<string, number>>();
  for (const row of rows)
    byEntity.set(row.entity, (byEntity.get(row.entity) ?? new Map<string, number>()).set(row.word, row.count));
  return byEntity;
}

/** What a run settled so far, over all entities: word → records. */
export async function settledWords(db: QueryExecutorProvider, runId: number): Promise<Record<string, number>> {
  const words: Record<string, number> = {};
  for (const counts of (await settledCounts(db, runId)).values()) {
    for (const [word, count] of counts) words[word] = (words[word] ?? 0) + count;
  }
  return words;
}

const MOST_REASONS = 5;

/** What changes wait for, most first. */
function changeWaits(queue: readonly QueueGroup[]): RunStatus['waits'] {
  const reasons = groupBy(
    queue.filter(({ reason }) => reason !== null),
    ({ reason }) => reason ?? '',
  );
  return [...reasons]
    .map(([reason, groups]) => ({ reason, count: changesIn(groups) }))
    .sort((a, b) => b.count - a.count || (a.reason < b.reason ? -1 : 1))
    .slice(0, MOST_REASONS);
}

/** What requests to the two stores wait for (P12). */
async function requestWaits(db: QueryExecutorProvider, projectId: number) {
  const { rows } = await sql<{ reason: string; count: number }>`
    SELECT q.cause AS reason, sum(q.waiting)::integer AS count FROM quota_waits q
    WHERE ${STILL_WAITS} AND q.store IN (SELECT store FROM (${storesOf(projectId)}) s)
    GROUP BY q.cause ORDER BY sum(q.waiting) DESC, q.cause`.execute(db);
  return rows;
}
