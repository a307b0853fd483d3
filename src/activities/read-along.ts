import { type Arrival, wantRead } from '../domain/change.ts';
import { chunks } from '../domain/chunks.ts';
import { type Entity, type RecordRef, refKey } from '../domain/entity.ts';
import { groupBy } from '../domain/group-by.ts';
import type { MovedEntity, SourceRecord } from '../domain/record.ts';
import { unknownAmong } from '../ledger/records/sweeps.ts';
import { upsert } from './apply/fetch-changes.ts';
import { readMoved } from './read-moved.ts';
import type { RunScope } from './run-scope.ts';

/**
 * What these records cannot do without and nobody has heard of yet, and what that cannot do without, level by level: read at
 * once and to be queued with their page, where the pass does not bring everything. The writer would find out too (P9), but
 * one level after the other, each when its turn comes. What is not answered, or is too much for one page, is only wanted.
 */
export async function readAlong(scope: RunScope, records: readonly SourceRecord[]): Promise<readonly Arrival[]> {
  const arrivals: Arrival[] = [];
  const met = new Set(records.map(refKey));
  let level = records;
  let left = MOST_RECORDS;
  while (level.length > 0) {
    const pages = await unknownReferences(scope, level, met);
    const isTooMuch = pages.reduce((sum, { ids }) => sum + ids.length, 0) > left;
    const read = isTooMuch ? pages.map(onlyWanted) : await Promise.all(pages.map((page) => readPage(scope, page)));
    arrivals.push(...read.flatMap((page) => page.arrivals));
    level = read.flatMap((page) => page.records);
    left -= level.length;
    for (const record of level) met.add(refKey(record));
    scope.heartbeat(`${arrivals.length} that others refer to`);
  }
  return arrivals;
}

/** Kept in memory, and read within the lease of the slice, together with a page. */
const MOST_RECORDS = 500;

interface Page {
  readonly entity: MovedEntity;
  readonly ids: readonly string[];
}

interface PageRead {
  readonly records: readonly SourceRecord[];
  readonly arrivals: readonly Arrival[];
}

async function unknownReferences(
  scope: RunScope,
  records: readonly SourceRecord[],
  met: Set<string>,
): Promise<readonly Page[]> {
  const needed = records.flatMap(({ references }) => references.filter(({ kind }) => kind === 'hard'));
  const perEntity = [...groupBy(needed, (to): Entity => to.entity)].map(async ([entity, refs]) => {
    const offered = scope.source.entities.find((row) => row.entity === entity);
    if (offered === undefined || !scope.entities.includes(offered.entity)) return [];
    const ids = [...new Set(refs.map(({ sourceId }) => sourceId))].filter(
      (sourceId) => !met.has(refKey({ entity, sourceId })),
    );
    for (const sourceId of ids) met.add(refKey({ entity, sourceId }));
    const unknown = await unknownAmong(scope.db, scope.projectId, entity, ids);
    return chunks(unknown, offered.pageSize).map((some) => ({ entity: offered.entity, ids: some }));
  });
  return (await Promise.all(perEntity)).flat();
}

async function readPage(scope: RunScope, { entity, ids }: Page): Promise<PageRead> {
  // A store that cannot answer for all of them may be able to for each: the writer asks again, one by one (P7).
  const page = await readMoved(scope, entity, ids).catch(() => null);
  if (page === null) return onlyWanted({ entity, ids });
  const { records, read } = page;
  const answered = new Set(records.map(refKey));
  const open = ids.map((sourceId): RecordRef => ({ entity, sourceId })).filter((ref) => !answered.has(refKey(ref)));
  return {
    records,
    arrivals: [...records.map((record) => upsert(record, read, 'reference')), ...open.map((ref) => want(ref))],
  };
}

function onlyWanted({ entity, ids }: Page): PageRead {
  return { records: [], arrivals: ids.map((sourceId) => want({ entity, sourceId })) };
}

const want = (ref: RecordRef): Arrival => wantRead(ref, 'reference');
