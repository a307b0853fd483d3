import { type QueryExecutorProvider, sql } from 'kysely';

/** The next number of the read clock: drawn before a request to the source and after its reply (P3). */
export async function nextReadNumber(db: QueryExecutorProvider): Promise<number> {
  const { rows } = await sql<{ number: number }>`SELECT nextval('read_clock')::float8 AS number`.execute(db);
  const row = rows[0];
  if (row === undefined) throw new Error('the read clock gave no number');
  return row.number;
}
