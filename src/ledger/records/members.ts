import { type QueryExecutorProvider, sql } from 'kysely';

/** A category of the source, with all that lies below it, and the target ids of the products in there. */
export interface CategoryMembers {
  readonly category: string;
  readonly products: readonly string[];
}

/** By the references of the last read of each; a shop counts what lies below a category as in it. */
export async function membersOf(
  db: QueryExecutorProvider,
  projectId: number,
  categories: readonly string[],
): Promise<readonly CategoryMembers[]> {
  const { rows } = await sql<{ category: string; products: string[] }>`
    WITH RECURSIVE tree (root, id) AS (
      SELECT c, c FROM unnest(${categories}::text[]) AS c
      UNION
      SELECT t.root, f.source_id FROM tree t JOIN record_references f
        ON f.project_id = ${projectId} AND f.entity = 'category' AND f.to_entity = 'category' AND f.to_source_id = t.id
    )
    SELECT t.root AS category, array_agg(DISTINCT r.target_id) AS products
    FROM tree t
    JOIN record_references f
      ON f.project_id = ${projectId} AND f.entity = 'product' AND f.to_entity = 'category' AND f.to_source_id = t.id
    JOIN records r ON r.project_id = f.project_id AND r.entity = 'product' AND r.source_id = f.source_id AND r.state = 'live'
      AND r.target_id IS NOT NULL
    GROUP BY t.root`.execute(db);
  return rows;
}
