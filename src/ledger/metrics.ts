import { type Kysely, sql } from 'kysely';
import type { Instant } from '../domain/record.ts';
import { jsonText } from './json-text.ts';
import type { LedgerTables } from './tables.ts';

/**
 * What is sampled while a run is under way: records read, settled, failed and requests since the last sample of that worker,
 * milliseconds those took, changes in the queue and held for a person, age of the oldest captured change.
 */
export const METRICS = [
  'records_read',
  'records_settled',
  'records_failed',
  'queue_outstanding',
  'queue_held',
  'lag_seconds',
  'source_requests',
  'source_ms',
  'target_requests',
  'target_ms',
  'requests_retried',
  'requests_refused',
] as const;
export type Metric = (typeof METRICS)[number];

/** Samples are for people who watch: they are kept for this long. */
const KEPT_DAYS = 30;

export interface MetricSample {
  readonly id: number;
  readonly at: Instant;
  readonly name: Metric;
  readonly value: number;
}

export async function sampleMetrics(
  db: Kysely<LedgerTables>,
  projectId: number,
  values: Readonly<Partial<Record<Metric, number>>>,
): Promise<void> {
  const rows = Object.entries(values).map(([name, value]) => ({ name, value }));
  await sql`
    WITH old AS (
      DELETE FROM metric_samples WHERE project_id = ${projectId} AND at < clock_timestamp() - ${KEPT_DAYS} * interval '1 day'
    )
    INSERT INTO metric_samples (project_id, at, name, value)
    SELECT ${projectId}, statement_timestamp(), w.name, w.value FROM jsonb_to_recordset(${jsonText(rows)}::jsonb) AS w (name text, value float8)`.execute(
    db,
  );
}

export interface SamplePage {
  readonly name: Metric | null;
  readonly since: Instant | null;
  readonly before: number | null;
  readonly limit: number;
}

/** Newest first; `before` is the id of the last one seen. */
export async function latestSamples(
  db: Kysely<LedgerTables>,
  projectId: number,
  { name, since, before, limit }: SamplePage,
): Promise<readonly MetricSample[]> {
  const { rows } = await sql<MetricSample>`
    SELECT id, at, name, value FROM metric_samples
    WHERE project_id = ${projectId} AND (${name}::text IS NULL OR name = ${name}) AND (${since}::timestamptz IS NULL OR at >= ${since})
      AND (${before}::bigint IS NULL OR id < ${before}::bigint)
    ORDER BY id DESC LIMIT ${limit}`.execute(db);
  return rows;
}
