import { type QueryExecutorProvider, sql } from 'kysely';
import type { Assessment } from '../domain/assessment.ts';
import { jsonText } from './json-text.ts';

export async function saveAssessment(
  db: QueryExecutorProvider,
  projectId: number,
  assessment: Assessment,
): Promise<void> {
  await sql`INSERT INTO assessments (project_id, assessment) VALUES (${projectId}, ${jsonText(assessment)}::jsonb)`.execute(
    db,
  );
}

/** null: nobody has looked at the stores yet. */
export async function latestAssessment(db: QueryExecutorProvider, projectId: number): Promise<Assessment | null> {
  const { rows } = await sql<{ assessment: Assessment }>`
    SELECT assessment FROM assessments WHERE project_id = ${projectId} ORDER BY id DESC LIMIT 1`.execute(db);
  return rows[0]?.assessment ?? null;
}
