import type { Kysely } from 'kysely';
import { noteRequests } from '../activities/note-requests.ts';
import { createRequestMeter } from '../activities/request-meter.ts';
import { createStoreOpener, type Stores } from '../activities/stores.ts';
import { StoreFailure } from '../connectors/http/failures.ts';
import { openGovernor } from '../connectors/http/open-governor.ts';
import type { StoreSettings } from '../connectors/platforms.ts';
import { getProject, type Project } from '../ledger/projects.ts';
import { LostSealingKey } from '../ledger/sealing.ts';
import type { LedgerTables } from '../ledger/tables.ts';

/** What a look found, or why it could not be had. */
export type Look<T> =
  ({ readonly ok: true } & T) | { readonly ok: false; readonly code: string; readonly message: string };

export type LookSettings = Pick<StoreSettings, 'network' | 'timeoutMs'>;

/** A look is a few hundred requests for a large shop; it takes little of what a run would need. */
const LOOK_CONCURRENCY = 2;
const LONGEST_LOOK_MS = 10 * 60_000;

/** Opens the stores of a project outside its runs, counts what is asked of them, and tells refusals from faults of ours. */
export function createLook(db: Kysely<LedgerTables>, sealingKey: Buffer, stores: LookSettings) {
  const meter = createRequestMeter();
  const settings = { ...stores, governor: openGovernor(LOOK_CONCURRENCY), concurrency: LOOK_CONCURRENCY };
  const openStores = createStoreOpener(db, sealingKey, settings, meter);
  return async <T>(
    slug: string,
    see: (project: Project, both: Stores, signal: AbortSignal) => Promise<T>,
  ): Promise<Look<T>> => {
    const project = await getProject(db, slug);
    if (project === null) return { ok: false, code: 'unknown-project', message: `there is no project ${slug}` };
    try {
      const both = await openStores(project.id, slug);
      return { ok: true, ...(await see(project, both, AbortSignal.timeout(LONGEST_LOOK_MS))) };
    } catch (error) {
      if (error instanceof StoreFailure) return { ok: false, code: error.kind, message: error.message };
      if (error instanceof LostSealingKey) return { ok: false, code: 'credentials-lost', message: error.message };
      throw error;
    } finally {
      await noteRequests({ db, meter }, project.id);
    }
  };
}
