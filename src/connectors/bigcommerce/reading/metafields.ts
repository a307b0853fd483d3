import type { z } from 'zod';
import { groupBy } from '../../../domain/group-by.ts';
import type { MovedEntity } from '../../../domain/record.ts';
import type { Query } from '../../http/request-form.ts';
import type { ApartField, ApartReach, ApartRecord, CallOptions, WriteItem } from '../../target.ts';
import { type BigCommerceApi, PAGE_SIZE } from '../bigcommerce-api.ts';
import { childIds } from '../projection/children.ts';
import { paginated } from '../wire/envelope.ts';
import { type MetafieldRow, metafieldSchema } from '../wire/metafield.ts';
import type { EntriesOf, MetafieldEntry, MetafieldPlace } from '../writing/metafields.ts';
import { METAFIELD, metafieldPath } from '../writing/metafields.ts';

/** A part whose metafields live in one place. */
export interface MetafieldPart {
  readonly part: string;
  readonly place: MetafieldPlace;
  readonly entriesOf: EntriesOf;
}

/** One record's metafields of one part. */
interface Wanted {
  readonly record: ApartRecord;
  readonly kind: MetafieldPart;
  readonly entries: readonly MetafieldEntry[];
  /** Ids of those that we made; what is not meant any more should be gone. */
  readonly known: ReadonlyMap<string, string>;
}

const pageSchema = paginated(metafieldSchema).nullable();

/**
 * What records hold as metafields beside what they were meant to. The list over all records has no filter by record
 * (bigcommerce-api §3.5): what was written of late is found there, some others are read one by one, the rest is left out.
 */
export function metafieldReader(api: BigCommerceApi, entity: MovedEntity, kinds: readonly MetafieldPart[]) {
  return async (
    records: readonly ApartRecord[],
    reach: ApartReach,
    call: CallOptions,
  ): Promise<ReadonlyMap<string, readonly ApartField[]>> => {
    const fields = new Map<string, ApartField[]>();
    for (const kind of kinds) {
      const wanted = records.flatMap((record) => wantedOf(entity, record, kind));
      if (wanted.length === 0) continue;
      const listed = groupBy(await readLately(api, kind.place, reach, call), ({ resource_id: id = 0 }) => String(id));
      let alone = reach.alone;
      for (const one of wanted) {
        const places = new Map(one.entries.map((entry) => [entry.resourceId, entry]));
        let rows: readonly MetafieldRow[] = [...places.keys()].flatMap((id) => listed.get(String(id)) ?? []);
        if (!one.entries.every((entry) => rows.some((row) => isOf(entry, row)))) {
          if (places.size > alone) continue;
          alone -= places.size;
          rows = await readAlone(api, kind.place, [...places.values()], call);
        }
        const { targetId } = one.record;
        fields.set(targetId, [...(fields.get(targetId) ?? []), ...compared(one, rows)]);
      }
    }
    return fields;
  };
}

function wantedOf(entity: MovedEntity, record: ApartRecord, kind: MetafieldPart): Wanted[] {
  const desired = record.desired[kind.part];
  if (desired === undefined || desired === null) return [];
  const { targetId, children } = record;
  const item: WriteItem = {
    id: targetId,
    ref: { entity, sourceId: targetId },
    action: 'update',
    targetId,
    desired,
    bundle: {},
    lastDesired: desired,
    base: null,
    children,
  };
  const entries = kind.entriesOf(item, desired);
  return entries.length === 0 ? [] : [{ record, kind, entries, known: childIds(children, METAFIELD) }];
}

/** Of all records, what was written since a time: as many pages as are granted. */
async function readLately(
  api: BigCommerceApi,
  place: MetafieldPlace,
  { since, pages }: ApartReach,
  call: CallOptions,
): Promise<readonly MetafieldRow[]> {
  const all: MetafieldRow[] = [];
  let after: string | null = null;
  if (since === null) return all;
  for (let page = 0; page < pages; page += 1) {
    const query: Query = {
      // Whole seconds: the form that lists of this API take (bigcommerce-api §1.2).
      'date_modified:min': `${new Date(since).toISOString().slice(0, 19)}Z`,
      limit: PAGE_SIZE,
      ...(after === null ? {} : { after }),
    };
    const { path, route } = metafieldPath(place);
    const reply: z.infer<typeof pageSchema> = await api.get({ path, route, query, schema: pageSchema, call });
    const rows = reply?.data ?? [];
    all.push(...rows);
    const end: string | null = reply?.meta?.cursor_pagination?.end_cursor ?? null;
    if (rows.length < PAGE_SIZE || end === null || end === after) break;
    after = end;
  }
  return all;
}

async function readAlone(
  api: BigCommerceApi,
  place: MetafieldPlace,
  entries: readonly MetafieldEntry[],
  call: CallOptions,
): Promise<readonly MetafieldRow[]> {
  const all: MetafieldRow[] = [];
  const route = `catalog/${place.resource}/:id/metafields`;
  for (const entry of entries) {
    const rows = await api.list({ path: place.listPath(entry), route, schema: metafieldSchema, call });
    all.push(...rows.map((row) => ({ ...row, resource_id: entry.resourceId })));
  }
  return all;
}

function compared({ kind, entries, known }: Wanted, rows: readonly MetafieldRow[]): ApartField[] {
  const meant = entries.map((entry): ApartField => {
    const row = rows.find((one) => isOf(entry, one));
    return { field: `${kind.part}.${entry.child}`, meant: entry.field.value, found: row?.value ?? null };
  });
  const names = new Map([...known].map(([child, id]) => [id, child]));
  const left = rows.flatMap((row): ApartField[] => {
    const child = names.get(String(row.id));
    if (child === undefined || entries.some((entry) => isOf(entry, row))) return [];
    return [{ field: `${kind.part}.${child}`, meant: null, found: row.value ?? '' }];
  });
  return [...meant, ...left];
}

function isOf({ resourceId, field }: MetafieldEntry, row: MetafieldRow): boolean {
  return row.resource_id === resourceId && row.namespace === field.namespace && row.key === field.key;
}
