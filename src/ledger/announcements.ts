import { type Kysely, type QueryExecutorProvider, sql } from 'kysely';
import { HELD_FOR } from '../domain/conflict.ts';
import { type Entity, type RecordRef, refKey } from '../domain/entity.ts';
import type { OwnableEntity } from '../domain/ownership.ts';
import type { Instant } from '../domain/record.ts';
import { appendDecision } from './decisions.ts';
import { notifyChanges } from './queue/notify.ts';
import { refArrays } from './queue/rows.ts';
import type { LedgerTables } from './tables.ts';
import { wholeTransaction } from './whole-transaction.ts';

/** Manual changes at the target that somebody told of: the fields belong to the target from then on (P8). */
export interface Announcement {
  readonly id: number;
  readonly entity: OwnableEntity;
  /** null: all records of the entity. */
  readonly sourceIds: readonly string[] | null;
  /** Words of `OWNABLE`. */
  readonly fields: readonly string[];
  /** Who makes the changes. */
  readonly by: string;
  readonly why: string;
  /** Name of the key that it came under. */
  readonly notedBy: string;
  readonly at: Instant;
}

const COLUMNS = sql`id, entity, source_ids AS "sourceIds", fields, announced_by AS "by", why, noted_by AS "notedBy", announced_at AS "at"`;

/** Notes it, and lets go what is held for an edit of these records: it is judged again, by who owns which field now. */
export async function announce(
  db: Kysely<LedgerTables>,
  projectId: number,
  given: Omit<Announcement, 'id' | 'at'>,
): Promise<Announcement> {
  const { entity, sourceIds, fields, by, why, notedBy } = given;
  return wholeTransaction(db, async (transaction) => {
    const { rows } = await sql<Announcement>`
      INSERT INTO announcements (project_id, entity, source_ids, fields, announced_by, why, noted_by)
      VALUES (${projectId}, ${entity}, ${sourceIds}::text[], ${fields}::text[], ${by}, ${why}, ${notedBy})
      RETURNING ${COLUMNS}`.execute(transaction);
    const [made] = rows;
    if (made === undefined) throw new Error('the announcement was not stored');
    await sql`
      UPDATE changes SET state = 'ready', state_reason = NULL, not_before = NULL, attempts = 0, generation = generation + 1
      WHERE project_id = ${projectId} AND state = 'held' AND state_reason = ${HELD_FOR.edited} AND entity = ${entity}
        AND (${sourceIds}::text[] IS NULL OR source_id = ANY (${sourceIds}::text[]))`.execute(transaction);
    const which = sourceIds === null ? 'all' : { count: sourceIds.length, samples: sourceIds.slice(0, 5) };
    const detail = { id: made.id, entity, records: which, fields, by, why };
    await appendDecision(transaction, projectId, notedBy, 'manual changes announced', detail);
    await notifyChanges(transaction, projectId);
    return made;
  });
}

/** Those in force, in the order in which they were made; `after` is the id of the last one seen. */
export async function listAnnouncements(
  db: QueryExecutorProvider,
  projectId: number,
  page: { readonly after: number; readonly limit: number },
): Promise<readonly Announcement[]> {
  const { rows } = await sql<Announcement>`
    SELECT ${COLUMNS} FROM announcements
    WHERE project_id = ${projectId} AND withdrawn_at IS NULL AND id > ${page.after} ORDER BY id LIMIT ${page.limit}`.execute(
    db,
  );
  return rows;
}

/** False: there is none of this id in force. What the target holds stays there until the source changes the field. */
export async function withdraw(db: Kysely<LedgerTables>, projectId: number, id: number, by: string): Promise<boolean> {
  return wholeTransaction(db, async (transaction) => {
    const { rows } = await sql<{ entity: Entity; fields: string[] }>`
      UPDATE announcements SET withdrawn_by = ${by}, withdrawn_at = clock_timestamp()
      WHERE project_id = ${projectId} AND id = ${id} AND withdrawn_at IS NULL RETURNING entity, fields`.execute(
      transaction,
    );
    const [was] = rows;
    if (was !== undefined) await appendDecision(transaction, projectId, by, 'announcement withdrawn', { id, ...was });
    return was !== undefined;
  });
}

/** Words for fields that were announced of these records, by `refKey`; records of which nothing was announced are left out. */
export async function announcedOf(
  db: QueryExecutorProvider,
  projectId: number,
  refs: readonly RecordRef[],
): Promise<ReadonlyMap<string, readonly string[]>> {
  if (refs.length === 0) return new Map();
  const { entities, sourceIds } = refArrays(refs);
  const { rows } = await sql<RecordRef & { words: string[] }>`
    SELECT w.entity, w.source_id AS "sourceId", array_agg(DISTINCT f.word) AS words
    FROM unnest(${entities}::text[], ${sourceIds}::text[]) AS w (entity, source_id)
    JOIN announcements a ON a.project_id = ${projectId} AND a.entity = w.entity AND a.withdrawn_at IS NULL
      AND (a.source_ids IS NULL OR w.source_id = ANY (a.source_ids))
    CROSS JOIN LATERAL unnest(a.fields) AS f (word)
    GROUP BY 1, 2`.execute(db);
  return new Map(rows.map((row) => [refKey(row), row.words]));
}
