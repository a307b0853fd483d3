import { createHash } from 'node:crypto';
import { type QueryExecutorProvider, sql } from 'kysely';
import type { Mapping } from '../domain/mapping.ts';
import type { Instant } from '../domain/record.ts';
import { jsonText } from './json-text.ts';

/** A mapping as it was in force from `madeAt` on. */
export interface MappingVersion {
  readonly version: number;
  readonly fingerprint: string;
  readonly madeBy: string;
  readonly madeAt: Instant;
  readonly mapping: Mapping;
}

/** Sixteen characters that change with any choice of a mapping. */
export function mappingFingerprint(mapping: Mapping): string {
  return createHash('sha256')
    .update(JSON.stringify(sorted(mapping)))
    .digest('hex')
    .slice(0, 16);
}

function sorted(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, item]) => [key, sorted(item)]),
  );
}

export async function keepMapping(
  db: QueryExecutorProvider,
  projectId: number,
  version: number,
  mapping: Mapping,
  by: string,
): Promise<void> {
  await sql`
    INSERT INTO mapping_versions (project_id, version, mapping, fingerprint, made_by)
    VALUES (${projectId}, ${version}, ${jsonText(mapping)}::jsonb, ${mappingFingerprint(mapping)}, ${by})`.execute(db);
}

/** Puts another mapping in force and keeps the one before; null: there is no such project. */
export async function updateMapping(
  db: QueryExecutorProvider,
  slug: string,
  mapping: Mapping,
  by: string,
): Promise<number | null> {
  const { rows } = await sql<{ version: number }>`
    WITH changed AS (
      UPDATE projects SET mapping = ${jsonText(mapping)}::jsonb, mapping_version = mapping_version + 1, updated_at = clock_timestamp()
      WHERE slug = ${slug} AND deleted_at IS NULL RETURNING id, mapping_version
    )
    INSERT INTO mapping_versions (project_id, version, mapping, fingerprint, made_by)
    SELECT id, mapping_version, ${jsonText(mapping)}::jsonb, ${mappingFingerprint(mapping)}, ${by} FROM changed
    RETURNING version`.execute(db);
  return rows[0]?.version ?? null;
}

/** The mapping as it was in this version; null: nobody kept it (projects of before versions were kept). */
export async function mappingAt(
  db: QueryExecutorProvider,
  projectId: number,
  version: number,
): Promise<Mapping | null> {
  const { rows } = await sql<{ mapping: Mapping }>`
    SELECT mapping FROM mapping_versions WHERE project_id = ${projectId} AND version = ${version}::bigint`.execute(db);
  return rows[0]?.mapping ?? null;
}

/** Newest first; `before` is the version last seen. */
export async function mappingVersions(
  db: QueryExecutorProvider,
  projectId: number,
  page: { readonly before: number | null; readonly limit: number },
): Promise<readonly MappingVersion[]> {
  const { rows } = await sql<MappingVersion>`
    SELECT version, fingerprint, made_by AS "madeBy", made_at AS "madeAt", mapping FROM mapping_versions
    WHERE project_id = ${projectId} AND (${page.before}::bigint IS NULL OR version < ${page.before}::bigint)
    ORDER BY version DESC LIMIT ${page.limit}`.execute(db);
  return rows;
}
