import type { Kysely } from 'kysely';
import { assessStores } from '../activities/assess/assess.ts';
import { movedEntities, readBoth } from '../activities/open-scope.ts';
import { ownedAmong } from '../activities/owned-among.ts';
import { type ComparedRecord, readBack } from '../activities/read-back.ts';
import type { Stores } from '../activities/stores.ts';
import type { Assessment } from '../domain/assessment.ts';
import type { Entity } from '../domain/entity.ts';
import { DEFAULT_MAPPING } from '../domain/mapping.ts';
import type { MovedEntity } from '../domain/record.ts';
import { mayNotRead, StoreFailure } from '../connectors/http/failures.ts';
import type { Project } from '../ledger/projects.ts';
import { meantRecords } from '../ledger/records/read-back.ts';
import type { LedgerTables } from '../ledger/tables.ts';
import { createLook, type Look, type LookSettings } from './look.ts';

/** A person waits for the comparison of a slice: metafields of some of its records, each by a request. */
const COMPARED_REACH = { since: null, pages: 0, alone: 25 };

/** Looks at the stores of a project outside its runs, for the API, which knows no connectors. */
export function projectLooks(db: Kysely<LedgerTables>, sealingKey: Buffer, stores: LookSettings) {
  const look = createLook(db, sealingKey, stores);
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
        const target = both.target.entity(entity);
        const ownedOf = await ownedAmong(db, { projectId: project.id, mapping: mappingOf(project) }, target, meant);
        return { records: await readBack(target, meant, COMPARED_REACH, signal, ownedOf) };
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
