import { type Kysely, type QueryExecutorProvider, sql } from 'kysely';
import type { Entity, RecordRef } from '../../domain/entity.ts';
import {
  assignKeys,
  type KeyAssignment,
  type KeyClaim,
  type Reservation,
  UNNAMED_SLOT,
} from '../../domain/identity.ts';
import { normaliseKey } from '../../domain/unique-key.ts';
import type { ForeignKey } from '../apply-ledger.ts';
import { jsonText } from '../json-text.ts';
import type { LedgerTables } from '../tables.ts';

/** Class of the advisory lock that makes reservations of one target store one after another. */
const KEYS_LOCK = 0x5e1f;

/**
 * Reserves the unique keys of a batch before anything is created (P6). The rule is `assignKeys`; here it gets the
 * reservations that it needs and its plan is stored, under a lock per target store.
 */
export async function reserveKeys(
  db: Kysely<LedgerTables>,
  projectId: number,
  targetStore: string,
  claims: readonly KeyClaim[],
): Promise<readonly KeyAssignment[]> {
  if (claims.length === 0) return [];
  return db.transaction().execute(async (transaction) => {
    await lockKeys(transaction, targetStore);
    const held = await loadReservations(transaction, projectId, targetStore, claims);
    const plan = assignKeys(projectId, claims, held);
    await storeReservations(transaction, targetStore, plan.reserve);
    await markReleasing(transaction, targetStore, plan.release);
    return plan.assignments;
  });
}

/** Who reserves and who frees keys of one target store do so one after another. */
export async function lockKeys(transaction: QueryExecutorProvider, targetStore: string): Promise<void> {
  await sql`SELECT pg_advisory_xact_lock(${KEYS_LOCK}::integer, hashtext(${targetStore}))`.execute(transaction);
}

interface ReservationRow {
  kind: string;
  scope: string;
  key: string;
  value: string;
  project_id: number | null;
  entity: string;
  source_id: string | null;
  slot: string | null;
  wanted: string | null;
  foreign_target_id: string | null;
  releasing: boolean;
}

/** The claimants' own reservations and whoever holds one of the alternatives that they name. */
async function loadReservations(
  db: QueryExecutorProvider,
  projectId: number,
  targetStore: string,
  claims: readonly KeyClaim[],
): Promise<readonly Reservation[]> {
  const places = claims.flatMap((claim) =>
    claim.wanted.flatMap((wanted) =>
      wanted.alternatives.map((value) => ({ kind: wanted.kind, scope: wanted.scope, key: normaliseKey(value) })),
    ),
  );
  const owners = claims.map((claim) => ({ entity: claim.ref.entity, source_id: claim.ref.sourceId }));
  const { rows } = await sql<ReservationRow>`
    SELECT k.kind, k.scope, k.key, k.value, k.project_id, k.entity, k.source_id, k.slot, k.wanted, k.foreign_target_id, k.releasing
    FROM key_reservations k
    JOIN (SELECT DISTINCT * FROM jsonb_to_recordset(${jsonText(places)}::jsonb) AS p (kind text, scope text, key text)) p
      USING (kind, scope, key)
    WHERE k.target_store = ${targetStore}
    UNION
    SELECT k.kind, k.scope, k.key, k.value, k.project_id, k.entity, k.source_id, k.slot, k.wanted, k.foreign_target_id, k.releasing
    FROM key_reservations k
    JOIN jsonb_to_recordset(${jsonText(owners)}::jsonb) AS o (entity text, source_id text) USING (entity, source_id)
    WHERE k.target_store = ${targetStore} AND k.project_id = ${projectId}`.execute(db);
  return rows.map(toReservation);
}

function toReservation(row: ReservationRow): Reservation {
  const ours = row.project_id !== null && row.source_id !== null && row.slot !== null;
  return {
    kind: row.kind,
    scope: row.scope,
    key: row.key,
    value: row.value,
    holder: ours
      ? {
          entity: row.entity as Entity,
          sourceId: row.source_id ?? '',
          projectId: row.project_id ?? 0,
          slot: row.slot ?? '',
        }
      : null,
    wanted: row.wanted ?? '',
    foreignTargetId: row.foreign_target_id,
    releasing: row.releasing,
  };
}

async function storeReservations(
  db: QueryExecutorProvider,
  targetStore: string,
  reservations: readonly Reservation[],
): Promise<void> {
  if (reservations.length === 0) return;
  const rows = reservations.map((r) => ({
    kind: r.kind,
    scope: r.scope,
    key: r.key,
    value: r.value,
    project_id: r.holder?.projectId ?? null,
    entity: r.holder?.entity ?? '',
    source_id: r.holder?.sourceId ?? null,
    slot: r.holder?.slot ?? null,
    wanted: r.wanted,
  }));
  await sql`
    INSERT INTO key_reservations AS k (target_store, kind, scope, key, value, project_id, entity, source_id, slot, wanted)
    SELECT ${targetStore}, r.* FROM jsonb_to_recordset(${jsonText(rows)}::jsonb) AS r (
      kind text, scope text, key text, value text, project_id bigint, entity text, source_id text, slot text, wanted text)
    ON CONFLICT (target_store, kind, scope, key) DO UPDATE SET
      value = excluded.value, slot = excluded.slot, wanted = excluded.wanted, releasing = false, settled = k.settled
      WHERE k.project_id = excluded.project_id AND k.entity = excluded.entity AND k.source_id = excluded.source_id`.execute(
    db,
  );
}

/** The first half of freeing a key: it stays taken until the write that drops it has been committed. */
async function markReleasing(
  db: QueryExecutorProvider,
  targetStore: string,
  reservations: readonly Reservation[],
): Promise<void> {
  if (reservations.length === 0) return;
  const rows = reservations.map((r) => ({ kind: r.kind, scope: r.scope, key: r.key }));
  await sql`
    UPDATE key_reservations k SET releasing = true
    FROM jsonb_to_recordset(${jsonText(rows)}::jsonb) AS r (kind text, scope text, key text)
    WHERE k.target_store = ${targetStore} AND k.kind = r.kind AND k.scope = r.scope AND k.key = r.key`.execute(db);
}

/**
 * Keys that records of ours had at the target when they were paired: each keeps its own, so that none takes another's (P6).
 * Those of records that are not paired are left out.
 */
export async function reservePaired(
  db: QueryExecutorProvider,
  projectId: number,
  targetStore: string,
  keys: readonly ForeignKey[],
): Promise<void> {
  if (keys.length === 0) return;
  const rows = keys.map((k) => ({ ...k, key: normaliseKey(k.value) }));
  await sql`
    INSERT INTO key_reservations AS k
      (target_store, kind, scope, key, value, project_id, entity, source_id, slot, wanted, settled)
    SELECT DISTINCT ON (f.kind, f.scope, f.key)
      ${targetStore}, f.kind, f.scope, f.key, f.value, r.project_id, r.entity, r.source_id, ${UNNAMED_SLOT}::text, '', true
    FROM jsonb_to_recordset(${jsonText(rows)}::jsonb) AS f (
      entity text, "targetId" text, kind text, scope text, value text, key text)
    JOIN records r ON r.target_store = ${targetStore} AND r.entity = f.entity AND r.target_id = f."targetId"
    WHERE r.project_id = ${projectId}
    ON CONFLICT (target_store, kind, scope, key) DO UPDATE SET
      project_id = excluded.project_id, source_id = excluded.source_id, slot = excluded.slot, wanted = '', settled = true,
      foreign_target_id = NULL
      -- Noted as somebody else's while nobody knew the pair.
      WHERE k.project_id IS NULL`.execute(db);
}

/** Before a record adopts one at the target (P6): until the pair is committed, a look that finds it foreign undoes this. */
export async function takeOverKeys(
  db: QueryExecutorProvider,
  { projectId, targetStore }: { readonly projectId: number; readonly targetStore: string },
  ref: RecordRef,
  targetId: string,
): Promise<void> {
  await sql`
    UPDATE key_reservations SET project_id = ${projectId}, entity = ${ref.entity}, source_id = ${ref.sourceId},
      slot = ${UNNAMED_SLOT}, wanted = '', foreign_target_id = NULL
    WHERE target_store = ${targetStore} AND entity = ${ref.entity} AND foreign_target_id = ${targetId}`.execute(db);
}

/** Before a target is read anew (P6): what others held may be gone since, and what is still there is noted again. */
export async function forgetForeign(db: QueryExecutorProvider, targetStore: string, entity: Entity): Promise<void> {
  await sql`
    DELETE FROM key_reservations
    WHERE target_store = ${targetStore} AND entity = ${entity} AND foreign_target_id IS NOT NULL AND project_id IS NULL`.execute(
    db,
  );
}

/** Keys of records at the target that are not ours: nobody of ours may take them (P6). */
export async function reserveForeign(
  db: QueryExecutorProvider,
  targetStore: string,
  keys: readonly ForeignKey[],
): Promise<void> {
  if (keys.length === 0) return;
  const rows = keys.map((k) => ({ ...k, key: normaliseKey(k.value) }));
  await sql`
    INSERT INTO key_reservations AS k (target_store, kind, scope, key, value, entity, wanted, foreign_target_id)
    SELECT DISTINCT ON (r.kind, r.scope, r.key) ${targetStore}, r.kind, r.scope, r.key, r.value, r.entity, r.key, r."targetId"
    FROM jsonb_to_recordset(${jsonText(rows)}::jsonb) AS r (
      entity text, "targetId" text, kind text, scope text, value text, key text)
    ON CONFLICT (target_store, kind, scope, key) DO UPDATE SET
      foreign_target_id = excluded.foreign_target_id, project_id = NULL, source_id = NULL, slot = NULL, entity = excluded.entity
      -- What a record of ours carries at the target is ours, whatever a lagging list says.
      WHERE NOT k.settled`.execute(db);
}
