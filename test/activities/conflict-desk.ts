import { sql } from 'kysely';
import type { Side } from '../../src/domain/conflict.ts';
import { type Conflict, listConflicts, resolveConflict } from '../../src/ledger/conflicts.ts';
import type { ApplyBench } from './apply-bench.ts';

/** The conflict desk of the project that the bench works for. */
export function conflictDesk(bench: () => ApplyBench) {
  const projectId = () => bench().queue.projectId;
  const conflicts = () => listConflicts(bench().db, projectId(), { entity: null, kind: null, after: 0, limit: 50 });
  return {
    conflicts,
    onlyConflict: async (): Promise<Conflict> => {
      const [one, ...others] = await conflicts();
      if (one === undefined || others.length > 0) throw new Error('expected one conflict');
      return one;
    },
    resolve: ({ id, version }: Pick<Conflict, 'id' | 'version'>, decision: Side) =>
      resolveConflict(bench().db, projectId(), id, { decision, version, by: 'ops' }),
    /** What was written down of the records, oldest first. */
    history: async () => {
      const { rows } = await sql<{ event: string; detail: { decided?: object } }>`
        SELECT event, detail FROM record_history WHERE project_id = ${projectId()} ORDER BY id`.execute(bench().db);
      return rows;
    },
  };
}
