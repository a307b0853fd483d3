import { type QueryExecutorProvider, sql } from 'kysely';
import { openSealed, seal, sealingKeyId } from './sealing.ts';

export type Side = 'source' | 'target';

/** A connection as it may be shown. */
export interface Connection {
  readonly side: Side;
  readonly platform: string;
  readonly baseUrl: string;
  readonly shown: Readonly<Record<string, string>>;
  readonly version: number;
  readonly rejectedAt: string | null;
}
export interface OpenConnection extends Connection {
  readonly secrets: Readonly<Record<string, string>>;
}

export interface NewConnection {
  readonly projectId: number;
  readonly slug: string;
  readonly side: Side;
  readonly platform: string;
  readonly baseUrl: string;
  readonly shown: Readonly<Record<string, string>>;
  readonly secrets: Readonly<Record<string, string>>;
}

/** Stores credentials, sealed; new ones replace the old and clear their rejection. */
export async function putConnection(db: QueryExecutorProvider, key: Buffer, connection: NewConnection): Promise<void> {
  const sealed = seal(key, `${connection.slug}/${connection.side}`, connection.secrets);
  await sql`
    INSERT INTO connections AS c (project_id, side, platform, base_url, shown, sealed, sealing_key_id)
    VALUES (${connection.projectId}, ${connection.side}, ${connection.platform}, ${connection.baseUrl},
      ${JSON.stringify(connection.shown)}::jsonb, ${sealed}, ${sealingKeyId(key)})
    ON CONFLICT (project_id, side) DO UPDATE SET platform = excluded.platform, base_url = excluded.base_url,
      shown = excluded.shown, sealed = excluded.sealed, sealing_key_id = excluded.sealing_key_id,
      version = c.version + 1, rejected_at = NULL, updated_at = clock_timestamp()`.execute(db);
}

interface ConnectionRow {
  side: Side;
  platform: string;
  base_url: string;
  shown: Record<string, string>;
  sealed: Buffer;
  version: number;
  rejected_at: string | null;
}

/** @throws LostSealingKey when the sealing key is not the one that the credentials were stored with */
export async function openConnection(
  db: QueryExecutorProvider,
  key: Buffer,
  projectId: number,
  slug: string,
  side: Side,
): Promise<OpenConnection> {
  const row = await readRow(db, projectId, side);
  if (row === null) throw new Error(`project ${slug} has no ${side} connection`);
  return { ...toConnection(row), secrets: openSealed(key, `${slug}/${side}`, row.sealed) };
}

/** What the source runs on; null: the project has no connection to it. */
export async function sourcePlatform(db: QueryExecutorProvider, projectId: number): Promise<string | null> {
  return (await readRow(db, projectId, 'source'))?.platform ?? null;
}

/** Notes that a store turned its credentials away; new ones clear it. */
export async function markRejected(db: QueryExecutorProvider, projectId: number, side: Side): Promise<void> {
  await sql`
    UPDATE connections SET rejected_at = coalesce(rejected_at, clock_timestamp())
    WHERE project_id = ${projectId} AND side = ${side}`.execute(db);
}

/** Sides whose credentials were turned away and not replaced since. */
export async function rejectedSides(db: QueryExecutorProvider, projectId: number): Promise<readonly Side[]> {
  const { rows } = await sql<{ side: Side }>`
    SELECT side FROM connections WHERE project_id = ${projectId} AND rejected_at IS NOT NULL ORDER BY side`.execute(db);
  return rows.map(({ side }) => side);
}

async function readRow(db: QueryExecutorProvider, projectId: number, side: Side): Promise<ConnectionRow | null> {
  const { rows } = await sql<ConnectionRow>`
    SELECT side, platform, base_url, shown, sealed, version, rejected_at FROM connections
    WHERE project_id = ${projectId} AND side = ${side}`.execute(db);
  return rows[0] ?? null;
}

function toConnection(row: ConnectionRow): Connection {
  return {
    side: row.side,
    platform: row.platform,
    baseUrl: row.base_url,
    shown: row.shown,
    version: row.version,
    rejectedAt: row.rejected_at,
  };
}
