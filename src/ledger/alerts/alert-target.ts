import { type QueryExecutorProvider, sql } from 'kysely';
import type { Instant } from '../../domain/record.ts';
import { openSealed, seal, sealingKeyId } from '../sealing.ts';
import type { WatchedProject } from './judge-projects.ts';

/** Where alerts of a project are sent, as it may be shown: scheme and host. */
export interface AlertTarget {
  readonly origin: string;
  readonly updatedAt: Instant;
}

export interface Receiver {
  readonly url: string;
  readonly secret: string;
}

const ownerOf = (slug: string) => `${slug}/alerts`;

/** A new address or secret counts for what waits in the outbox too. */
export async function putAlertTarget(
  db: QueryExecutorProvider,
  key: Buffer,
  { id, slug }: WatchedProject,
  receiver: Receiver,
): Promise<void> {
  await sql`
    INSERT INTO alert_targets (project_id, origin, sealed, sealing_key_id)
    VALUES (${id}, ${new URL(receiver.url).origin}, ${seal(key, ownerOf(slug), receiver)}, ${sealingKeyId(key)})
    ON CONFLICT (project_id) DO UPDATE SET origin = excluded.origin, sealed = excluded.sealed,
      sealing_key_id = excluded.sealing_key_id, updated_at = clock_timestamp()`.execute(db);
}

export async function alertTarget(db: QueryExecutorProvider, projectId: number): Promise<AlertTarget | null> {
  const { rows } = await sql<AlertTarget>`
    SELECT origin, updated_at AS "updatedAt" FROM alert_targets WHERE project_id = ${projectId}`.execute(db);
  return rows[0] ?? null;
}

/** What waits to be sent goes along. False: there was none. */
export async function removeAlertTarget(db: QueryExecutorProvider, projectId: number): Promise<boolean> {
  const { rows } = await sql`
    WITH waiting AS (
      DELETE FROM alert_deliveries WHERE project_id = ${projectId} AND delivered_at IS NULL AND given_up_at IS NULL
    )
    DELETE FROM alert_targets WHERE project_id = ${projectId} RETURNING project_id`.execute(db);
  return rows.length > 0;
}

/** @throws LostSealingKey when it was sealed with another key */
export function openReceiver(key: Buffer, slug: string, sealed: Buffer): Receiver {
  const { url = '', secret = '' } = openSealed(key, ownerOf(slug), sealed);
  return { url, secret };
}
