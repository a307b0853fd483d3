import { type QueryExecutorProvider, sql } from 'kysely';
import type { AlertKind, Judged } from '../../domain/alerts.ts';
import type { Instant } from '../../domain/record.ts';
import { jsonText } from '../json-text.ts';
import { noteStanding } from './standings.ts';

export interface Alert {
  readonly id: number;
  readonly kind: AlertKind;
  readonly subject: string;
  readonly message: string;
  readonly evidence: Readonly<Record<string, number>>;
  /** How often it was seen. */
  readonly seen: number;
  readonly openedAt: Instant;
  readonly seenAt: Instant;
  /** null: it is open. */
  readonly clearedAt: Instant | null;
}
/** What came of a look: each is told once, whoever looked. */
export interface AlertEvent {
  readonly event: 'opened' | 'cleared';
  readonly alert: Alert;
}

const COLUMNS = sql`id, kind, subject, message, evidence, seen, opened_at AS "openedAt", seen_at AS "seenAt",
  cleared_at AS "clearedAt"`;

/** What was delivered or given up is kept for this long; alerts themselves stay. */
const KEPT_DAYS = 30;
/** A figure that wavers about its limit shall not open an alert with every look. */
const QUIET_MS = 60_000;

/**
 * Opens what is raised and not open yet, notes the rest as seen again, and clears what was not seen for a while. What is
 * told to the alert's receiver goes into the outbox with it, and that the project's workflow is to be told: to be called
 * inside a transaction, one at a time per project.
 */
export async function noteAlerts(
  db: QueryExecutorProvider,
  { id: projectId, slug }: { readonly id: number; readonly slug: string },
  { raised, unjudged }: Judged,
  quietMs = QUIET_MS,
): Promise<readonly AlertEvent[]> {
  const { rows: noted } = await sql<Alert & { opened: boolean }>`
    INSERT INTO alerts AS a (project_id, kind, subject, message, evidence)
    SELECT ${projectId}, w.kind, w.subject, w.message, w.evidence
    FROM jsonb_to_recordset(${jsonText(raised)}::jsonb) AS w (kind text, subject text, message text, evidence jsonb)
    ON CONFLICT (project_id, kind, subject) WHERE cleared_at IS NULL
    DO UPDATE SET seen = a.seen + 1, seen_at = clock_timestamp(), message = excluded.message, evidence = excluded.evidence
    RETURNING ${COLUMNS}, seen = 1 AS opened`.execute(db);
  const { rows: cleared } = await sql<Alert>`
    UPDATE alerts SET cleared_at = clock_timestamp()
    WHERE project_id = ${projectId} AND cleared_at IS NULL AND NOT (id = ANY(${noted.map(({ id }) => id)}::bigint[]))
      AND NOT (kind = ANY(${[...unjudged]}::text[])) AND seen_at <= clock_timestamp() - ${quietMs} * interval '1 millisecond'
    RETURNING ${COLUMNS}`.execute(db);
  const events: AlertEvent[] = [
    ...noted.flatMap(({ opened, ...alert }) => (opened ? [{ event: 'opened' as const, alert }] : [])),
    ...cleared.map((alert) => ({ event: 'cleared' as const, alert })),
  ];
  if (events.length === 0) return events;
  await putInOutbox(db, { id: projectId, slug }, events);
  await noteStanding(db, projectId);
  return events;
}

async function putInOutbox(
  db: QueryExecutorProvider,
  project: { readonly id: number; readonly slug: string },
  events: readonly AlertEvent[],
): Promise<void> {
  const rows = events.map(({ event, alert }) => ({
    alert_id: alert.id,
    event,
    body: JSON.stringify({ event, project: project.slug, alert }),
  }));
  await sql`
    DELETE FROM alert_deliveries WHERE project_id = ${project.id}
      AND coalesce(delivered_at, given_up_at) < clock_timestamp() - ${KEPT_DAYS} * interval '1 day'`.execute(db);
  await sql`
    INSERT INTO alert_deliveries (project_id, alert_id, event, body)
    SELECT t.project_id, w.alert_id, w.event, w.body
    FROM alert_targets t, jsonb_to_recordset(${jsonText(rows)}::jsonb) AS w (alert_id bigint, event text, body text)
    WHERE t.project_id = ${project.id}`.execute(db);
}

export interface AlertPage {
  /** Those that are cleared too. */
  readonly all: boolean;
  readonly before: number | null;
  readonly limit: number;
}

/** Newest first; `before` is the id of the last one seen. */
export async function listAlerts(
  db: QueryExecutorProvider,
  projectId: number,
  { all, before, limit }: AlertPage,
): Promise<readonly Alert[]> {
  const { rows } = await sql<Alert>`
    SELECT ${COLUMNS} FROM alerts
    WHERE project_id = ${projectId} AND (${all} OR cleared_at IS NULL) AND (${before}::bigint IS NULL OR id < ${before}::bigint)
    ORDER BY id DESC LIMIT ${limit}`.execute(db);
  return rows;
}
