import { type QueryExecutorProvider, sql } from 'kysely';
import { type RecordRef, refKey } from '../../domain/entity.ts';
import type { IntentAim, NewIntent, OpenIntent } from '../apply-ledger.ts';
import { jsonText } from '../json-text.ts';
import { refArrays } from '../queue/rows.ts';
import type { Writing } from '../side-by-side.ts';
import { Together } from '../together.ts';

/** Key of an intent in the map that `intend` returns. */
export function intentKey(ref: RecordRef, part: string): string {
  return `${refKey(ref)}#${part}`;
}

/** One that is to be noted, and whose it is. */
interface Noting {
  readonly projectId: number;
  readonly targetStore: string;
  readonly checkEpoch: boolean;
  readonly intent: NewIntent;
}

/** Whatever this process is about to send at the same time is noted together: one statement and one flush to disk for all. */
const noting = new WeakMap<QueryExecutorProvider, Together<Noting, ReadonlyMap<string, number>>>();

/**
 * Stores the intents of a request that is about to be sent (P2). Only rows still held under their epoch with a living
 * lease get one: a worker that slept through its lease is told here, before it sends anything (P5).
 */
export async function intend(
  db: QueryExecutorProvider,
  projectId: number,
  targetStore: string,
  intents: readonly NewIntent[],
  checkEpoch: boolean,
): Promise<ReadonlyMap<string, number>> {
  const together = noting.get(db) ?? new Together((items: readonly Noting[]) => noteIntents(db, items));
  noting.set(db, together);
  const ids = await together.ask(intents.map((intent) => ({ projectId, targetStore, checkEpoch, intent })));
  return new Map(
    intents.flatMap(({ ref, part, epoch }) => {
      const id = ids.get(heldKey(projectId, intentKey(ref, part), epoch));
      return id === undefined ? [] : [[intentKey(ref, part), id]];
    }),
  );
}

/** An intent is its claim's: another lease of the same record has others. */
const heldKey = (projectId: number, key: string, epoch: number) => `${projectId} ${epoch} ${key}`;

async function noteIntents(db: QueryExecutorProvider, items: readonly Noting[]): Promise<ReadonlyMap<string, number>> {
  const rows = items.map(({ projectId, targetStore, checkEpoch, intent }) => ({
    project_id: projectId,
    target_store: targetStore,
    check_epoch: checkEpoch,
    claim_id: intent.claimId,
    epoch: intent.epoch,
    entity: intent.ref.entity,
    source_id: intent.ref.sourceId,
    part: intent.part,
    action: intent.action,
    target_id: intent.targetId,
    aim: intent.aim,
    aim_hash: intent.aimHash,
  }));
  const { rows: made } = await sql<{
    id: number;
    project_id: number;
    entity: string;
    source_id: string;
    part: string;
    epoch: number;
  }>`
    INSERT INTO intents (project_id, target_store, entity, source_id, part, action, target_id, epoch, aim, aim_hash, sent_until)
    SELECT i.project_id, i.target_store, i.entity, i.source_id, i.part, i.action, i.target_id, i.epoch, i.aim, i.aim_hash,
      c.lease_until
    FROM jsonb_to_recordset(${jsonText(rows)}::jsonb) AS i (
      project_id bigint, target_store text, check_epoch boolean, claim_id bigint, epoch integer, entity text, source_id text,
      part text, action text, target_id text, aim jsonb, aim_hash text)
    JOIN changes c ON c.id = i.claim_id
      AND (NOT i.check_epoch OR (c.epoch = i.epoch AND c.lease_until > clock_timestamp()))
    ON CONFLICT DO NOTHING
    RETURNING id, project_id, entity, source_id, part, epoch`.execute(db);
  return new Map(
    made.map((row) => [heldKey(row.project_id, `${row.entity}:${row.source_id}#${row.part}`, row.epoch), row.id]),
  );
}

interface OpenIntentRow {
  id: number;
  entity: string;
  source_id: string;
  part: string;
  action: 'create' | 'update' | 'delete';
  target_id: string | null;
  aim: IntentAim;
  made_at: string;
  since_sent_ms: number;
  look_ups: number;
}

export async function openIntents(
  db: QueryExecutorProvider,
  projectId: number,
  refs: readonly RecordRef[],
): Promise<ReadonlyMap<string, readonly OpenIntent[]>> {
  const { entities, sourceIds } = refArrays(refs);
  const { rows } = await sql<OpenIntentRow>`
    SELECT i.id, i.entity, i.source_id, i.part, i.action, i.target_id, i.aim, i.made_at, i.look_ups,
      (extract(epoch FROM clock_timestamp() - i.sent_until) * 1000)::float8 AS since_sent_ms
    FROM intents i
    JOIN unnest(${entities}::text[], ${sourceIds}::text[]) AS w (entity, source_id) USING (entity, source_id)
    WHERE i.project_id = ${projectId} AND i.resolved_at IS NULL
    ORDER BY i.id`.execute(db);
  const byRef = new Map<string, OpenIntent[]>();
  for (const row of rows) {
    const key = `${row.entity}:${row.source_id}`;
    byRef.set(key, [
      ...(byRef.get(key) ?? []),
      {
        id: row.id,
        part: row.part,
        action: row.action,
        targetId: row.target_id,
        aim: row.aim,
        madeAt: row.made_at,
        sinceSentMs: row.since_sent_ms,
        lookUps: row.look_ups,
      },
    ]);
  }
  return byRef;
}

/** Resolves intents with their outcomes; what was sent is forgotten then, so that personal data does not stay in two places. */
export function resolving(resolved: readonly { readonly intentId: number; readonly outcome: string }[]): Writing {
  if (resolved.length === 0) return null;
  return sql`
    UPDATE intents i SET resolved_at = clock_timestamp(), outcome = r.outcome, aim = NULL
    FROM unnest(${resolved.map((r) => r.intentId)}::bigint[], ${resolved.map((r) => r.outcome)}::text[]) AS r (id, outcome)
    WHERE i.id = r.id AND i.resolved_at IS NULL`;
}

/** The replies are known to be lost now: the requests left before this moment, so the settle time counts from here. */
export function markingUncertain(intentIds: readonly number[]): Writing {
  if (intentIds.length === 0) return null;
  return sql`
    UPDATE intents SET look_ups = look_ups + 1, sent_until = least(sent_until, clock_timestamp())
    WHERE id = ANY (${intentIds}::bigint[]) AND resolved_at IS NULL`;
}
