import { type QueryExecutorProvider, sql } from 'kysely';
import type { RecordRef } from '../../domain/entity.ts';

/** Stock records of these products that were set at the target (P10). */
export async function stockOf(
  db: QueryExecutorProvider,
  projectId: number,
  products: readonly string[],
): Promise<readonly { readonly ref: RecordRef; readonly product: string }[]> {
  const { rows } = await sql<{ source_id: string; product: string }>`
    SELECT f.source_id, f.to_source_id AS product
    FROM record_references f
    JOIN records r USING (project_id, entity, source_id)
    WHERE f.project_id = ${projectId} AND f.entity = 'stock' AND f.to_entity = 'product'
      AND f.to_source_id = ANY (${products}::text[]) AND r.state = 'live'
    ORDER BY f.source_id`.execute(db);
  return rows.map((row) => ({ ref: { entity: 'stock', sourceId: row.source_id }, product: row.product }));
}
