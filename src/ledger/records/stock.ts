import { type QueryExecutorProvider, sql } from 'kysely';
import type { RecordRef } from '../../domain/entity.ts';

/** Stock records of these products that were set at the target (P10). */
export async function stockOf(
  db: QueryExecutorProvider,
  projectId: number,
  products: readonly string[],
): Promise<readonly { readonly ref: RecordRef; readonly product: string }[]> {
  // The state as a value, not as a join: before the tables are first counted, PostgreSQL would look all products up for each level.
  const { rows } = await sql<{ source_id: string; product: string }>`
    SELECT f.source_id, f.to_source_id AS product
    FROM record_references f
    WHERE f.project_id = ${projectId} AND f.entity = 'stock' AND f.to_entity = 'product'
      AND f.to_source_id = ANY (${products}::text[])
      AND (SELECT r.state FROM records r
        WHERE r.project_id = f.project_id AND r.entity = f.entity AND r.source_id = f.source_id) = 'live'
    ORDER BY f.source_id`.execute(db);
  return rows.map((row) => ({ ref: { entity: 'stock', sourceId: row.source_id }, product: row.product }));
}
