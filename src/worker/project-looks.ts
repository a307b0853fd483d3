import type { Kysely } from 'kysely';
import { assessStores } from '../activities/assess/assess.ts';
import { movedEntities, readBoth } from '../activities/open-scope.ts';
import { noteRequests } from '../activities/note-requests.ts';
import { type ComparedRecord, readBack } from '../activities/read-back.ts';
import { createRequestMeter } from '../activities/request-meter.ts';
import { createStoreOpener, type Stores } from '../activities/stores.ts';
import type { Assessment } from '../domain/assessment.ts';
import type { Entity } from '../domain/entity.ts';
import { DEFAULT_MAPPING } from '../domain/mapping.ts';
import type { MovedEntity } from '../domain/record.ts';
import { mayNotRead, StoreFailure } from '../connectors/http/failures.ts';
import type { StoreSettings } from '../connectors/platforms.ts';
import { openGovernor } from '../connectors/http/open-governor.ts';
import { getProject, type Project } from '../ledger/projects.ts';
import { meantRecords } from '../ledger/records/read-back.ts';
import { LostSealingKey } from '../ledger/sealing.ts';
import type { LedgerTables } from '../ledger/tables.ts';

/** What a look found, or why it could not be had. */
type Look<T> = ({ readonly ok: true } & T) | { readonly ok: false; readonly code: string; readonly message: string };

/** A look is a few hundred requests for a large shop; it takes little of what a run would need. */
const LOOK_CONCURRENCY = 2;
const LONGEST_LOOK_MS = 10 * 60_000;
/** A person waits for the comparison of a slice: metafields of some of its records, each by a request. */
const COMPARED_REACH = { since: null, pages: 0, alone: 25 };

export type LookSettings = Pick<StoreSettings, 'network' | 'timeoutMs'>;

/** Looks at the stores of a project outside its runs, for the API, which knows no connectors. */
export function projectLooks(db: Kysely<LedgerTables>, sealingKey: Buffer, stores: LookSettings) {
  const meter = createRequestMeter();
  const settings = { ...stores, governor: openGovernor(LOOK_CONCURRENCY), concurrency: LOOK_CONCURRENCY };
  const openStores = createStoreOpener(db, sealingKey, settings, meter);
  const look = async <T>(
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
  return {
    assess: (slug: string): Promise<Look<{ assessment: Assessment }>> =>
      look(slug, async (project, both, signal) => {
        const profiles = await readBoth(both, signal);
        const mapping = mappingOf(project);
        const looked = { ...both, ...profiles, mapping, ...movedEntities(both, mapping), signal };
        return { assessment: await assessStores(looked) };
      }),
    /** Records at the source by entity; those that the credentials may not read are left out. */
    count: (slug: string): Promise<Look<{ counts: Partial<Record<Entity, number>> }>> =>
      look(slug, async (project, both, signal) => {
        const { scannedEntities } = movedEntities(both, mappingOf(project));
        const counts: Partial<Record<Entity, number>> = {};
        for (const entity of scannedEntities) {
          const count = await countOf(both, entity, signal);
          if (count !== null) counts[entity] = count;
        }
        return { counts };
      }),
    /** Reads records from the target and compares them with what was meant. */
    compare: (
      slug: string,
      entity: Entity,
      ids: readonly string[],
    ): Promise<Look<{ records: readonly ComparedRecord[] }>> =>
      look(slug, async (project, both, signal) => {
        const meant = await meantRecords(db, project.id, entity, ids);
        return { records: await readBack(both.target.entity(entity), meant, COMPARED_REACH, signal) };
      }),
    /** Whether each store answers and takes its credentials now. */
    check: (slug: string) =>
      look(slug, async (_project, both, signal) => ({
        source: await checked(() => both.source.check(signal)),
        target: await checked(() => both.target.check(signal)),
      })),
  };
}

function mappingOf(project: Project) {
  return { ...DEFAULT_MAPPING, ...project.mapping, version: project.mappingVersion };
}

async function countOf({ source }: Stores, entity: MovedEntity, signal: AbortSignal): Promise<number | null> {
  try {
    return await source.count(entity, signal);
  } catch (error) {
    if (mayNotRead(error)) return null;
    throw error;
  }
}

async function checked(check: () => Promise<{ readonly name: string; readonly clockSkewMs: number }>) {
  try {
    const { name, clockSkewMs } = await check();
    return { ok: true as const, name, clockSkewMs };
  } catch (error) {
    if (error instanceof StoreFailure) return { ok: false as const, code: error.kind, message: error.message };
    throw error;
  }
}
