import type { Kysely } from 'kysely';
import { assessStores } from '../activities/assess/assess.ts';
import { movedEntities, readBoth } from '../activities/open-scope.ts';
import { createStoreOpener } from '../activities/stores.ts';
import type { Assessment } from '../domain/assessment.ts';
import { StoreFailure } from '../connectors/http/failures.ts';
import type { StoreSettings } from '../connectors/platforms.ts';
import { openGovernor } from '../connectors/http/open-governor.ts';
import { getProject } from '../ledger/projects.ts';
import { LostSealingKey } from '../ledger/sealing.ts';
import type { LedgerTables } from '../ledger/tables.ts';

/** What a look found, or why it could not be had. */
type Look =
  | { readonly ok: true; readonly assessment: Assessment }
  | { readonly ok: false; readonly code: string; readonly message: string };

/** A look is a few hundred requests for a large shop; it takes little of what a run would need. */
const LOOK_CONCURRENCY = 2;
const LONGEST_LOOK_MS = 10 * 60_000;

export type AssessorSettings = Pick<StoreSettings, 'network' | 'timeoutMs'>;

/** Looks at both stores of a project, for the API, which knows no connectors. */
export function projectAssessor(db: Kysely<LedgerTables>, sealingKey: Buffer, stores: AssessorSettings) {
  const openStores = createStoreOpener(db, sealingKey, {
    ...stores,
    governor: openGovernor(LOOK_CONCURRENCY),
    concurrency: LOOK_CONCURRENCY,
  });
  return async (slug: string): Promise<Look> => {
    const project = await getProject(db, slug);
    if (project === null) return { ok: false, code: 'unknown-project', message: `there is no project ${slug}` };
    const signal = AbortSignal.timeout(LONGEST_LOOK_MS);
    try {
      const both = await openStores(project.id, slug);
      const profiles = await readBoth(both, signal);
      const mapping = { ...project.mapping, version: project.mappingVersion };
      const looked = { ...both, ...profiles, mapping, ...movedEntities(both, mapping), signal };
      return { ok: true, assessment: await assessStores(looked) };
    } catch (error) {
      if (error instanceof StoreFailure) return { ok: false, code: error.kind, message: error.message };
      if (error instanceof LostSealingKey) return { ok: false, code: 'credentials-lost', message: error.message };
      throw error;
    }
  };
}
