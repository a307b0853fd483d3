import { setTimeout as sleep } from 'node:timers/promises';
import type { Kysely } from 'kysely';
import type { SourceProfile } from '../connectors/source.ts';
import type { TargetProfile } from '../connectors/target.ts';
import { completeOptions, type ProjectOptions } from '../domain/project-options.ts';
import { copyOrder, DEFAULT_MAPPING, type Mapping, takesPart } from '../domain/mapping.ts';
import type { MovedEntity } from '../domain/record.ts';
import { getProject, isPaused, saveProfiles } from '../ledger/projects.ts';
import { mappingAt } from '../ledger/mappings.ts';
import { getRun } from '../ledger/runs.ts';
import type { LedgerTables } from '../ledger/tables.ts';
import type { RunRef } from './activity-types.ts';
import { RunStopped } from './failures.ts';
import type { RequestMeter } from './request-meter.ts';
import type { RunScope, SyncSettings } from './run-scope.ts';
import type { Stores } from './stores.ts';

/** What one attempt of an activity gives: its cancellation and its heartbeat. */
export interface Attempt {
  readonly signal: AbortSignal;
  readonly heartbeat: (progress: string) => void;
}

export interface ScopeOpener {
  readonly db: Kysely<LedgerTables>;
  readonly openStores: (projectId: number, slug: string) => Promise<Stores>;
  readonly meter: RequestMeter;
  readonly settings: SyncSettings;
  /** Names this worker in leases. */
  readonly owner: string;
  /** Resolves early when the queue of this project is told of new rows. */
  readonly waitForChanges: (projectId: number, ms: number, signal: AbortSignal) => Promise<void>;
}

/**
 * Opens everything that an activity of a run works with. Profiles are read from the stores by `assess` and kept in the ledger;
 * the others take them from there.
 * @throws RunStopped when the run has ended or its target is another store than the project's
 */
export async function openScope(
  opener: ScopeOpener,
  ref: RunRef,
  attempt: Attempt,
  readProfiles: boolean,
): Promise<RunScope> {
  const { db } = opener;
  const project = await getProject(db, ref.project);
  const run = project === null ? null : await getRun(db, project.id, ref.run);
  if (project === null || run === null)
    throw new RunStopped(`run ${ref.run} of project ${ref.project} is not in the ledger`);
  const { source, target } = await opener.openStores(project.id, project.slug);
  if (target.storeRef !== project.targetStore) {
    throw new RunStopped(
      `the target connection leads to ${target.storeRef}, the project was made for ${project.targetStore}`,
    );
  }
  const profiles = readProfiles ? await readBoth({ source, target }, attempt.signal) : keptProfiles(project);
  if (readProfiles) await saveProfiles(db, project.id, profiles.sourceProfile, profiles.targetProfile);
  // A mapping that is changed meanwhile applies to the next run. Projects of before a choice existed have its default.
  const begunWith = (await mappingAt(db, project.id, run.mappingVersion)) ?? project.mapping;
  const mapping = { ...DEFAULT_MAPPING, ...begunWith, version: run.mappingVersion };
  const { entities, scannedEntities } = movedEntities({ source, target }, mapping);
  return {
    db,
    projectId: project.id,
    runId: run.id,
    run,
    options: completeOptions(project.options as Partial<ProjectOptions>),
    targetStore: project.targetStore,
    source,
    target,
    ...profiles,
    mapping,
    settings: opener.settings,
    entities,
    scannedEntities,
    owner: opener.owner,
    now: () => performance.now(),
    signal: attempt.signal,
    heartbeat: attempt.heartbeat,
    takeTally: () => opener.meter.take(project.id),
    isPaused: () => isPaused(db, project.id),
    rest: (ms) => restFor(ms, attempt.signal),
    restForChanges: (ms) => opener.waitForChanges(project.id, ms, attempt.signal),
  };
}

/** What both stores offer and the mapping does not leave out, in copy order; those that are read by ids of their own. */
export function movedEntities({ source, target }: Stores, mapping: Mapping) {
  // Redirects are made from the addresses that the ledger remembers (P11).
  const offered = new Set<MovedEntity>([...source.entities.flatMap((row) => [row.entity, ...row.brings]), 'redirect']);
  const entities = copyOrder(mapping).filter(
    (entity) => offered.has(entity) && target.entities.includes(entity) && takesPart(mapping, entity),
  );
  return {
    entities,
    scannedEntities: entities.filter((entity) => source.entities.some((row) => row.entity === entity)),
  };
}

export async function readBoth({ source, target }: Stores, signal: AbortSignal) {
  const [sourceProfile, targetProfile] = await Promise.all([source.check(signal), target.check(signal)]);
  return { sourceProfile, targetProfile };
}

function keptProfiles(project: { readonly sourceProfile: unknown; readonly targetProfile: unknown }) {
  if (project.sourceProfile === null || project.targetProfile === null) {
    throw new Error('the stores have not been assessed: assess comes before all other activities of a run');
  }
  return {
    sourceProfile: project.sourceProfile as SourceProfile,
    targetProfile: project.targetProfile as TargetProfile,
  };
}

/** Ends early, without an error, when the attempt is cancelled: its loop looks at the signal. */
async function restFor(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal }).catch(() => undefined);
}
