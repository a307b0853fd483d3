import { chunks } from '../../../domain/chunks.ts';
import type { Json } from '../../../domain/json.ts';
import type { ChildPair } from '../../../domain/target-state.ts';
import { StoreFailure } from '../../http/failures.ts';
import type { CallOptions, WriteItem, WriteOutcome } from '../../target.ts';
import type { BigCommerceApi } from '../bigcommerce-api.ts';
import type { WireMetafield } from '../mapping/metafields.ts';
import { childIds, pair, unpair } from '../projection/children.ts';
import { namedIndexes, refusalText } from '../refusals.ts';
import { batch } from '../wire/envelope.ts';
import { type MetafieldRow, metafieldSchema } from '../wire/metafield.ts';
import { outcomeOfFailure, rejected } from './outcomes.ts';
import { isRefusal, requiredTargetId, writtenPart } from './per-item.ts';

export const METAFIELD = 'metafield';
/** No maximum is published for a batch (bigcommerce-api §3.5). */
const AT_ONCE = 10;

/** Where metafields of one kind of record live. */
export interface MetafieldPlace {
  /** `products`, `variants`, `categories`, `brands`. */
  readonly resource: string;
  /** Where batches go; default: below the catalogue. */
  readonly batchPath?: string;
  /** The list of one record's own: `/v3/catalog/products/12/metafields`. */
  listPath(entry: MetafieldEntry): string;
  /** Variants and their record share one list of children, told apart by their names. */
  readonly ofVariants?: boolean;
}

/** Where those of all records of the kind are listed, and written in batches. */
export function metafieldPath({ resource, batchPath }: MetafieldPlace): { path: string; route: string } {
  return { path: batchPath ?? `/v3/catalog/${resource}/metafields`, route: `catalog/${resource}/metafields` };
}

const VARIANT_MARK = '|';

/** The child's name of a variant's metafield; a record's own is `namespace/key`. */
export function variantChild(variant: string, field: WireMetafield): string {
  return `${variant}${VARIANT_MARK}${field.namespace}/${field.key}`;
}

/** Which variant a child of `variantChild` belongs to; null: it is the record's own. */
export function variantOf(child: string): string | null {
  const mark = child.slice(0, child.indexOf('/')).indexOf(VARIANT_MARK);
  return mark < 0 ? null : child.slice(0, mark);
}

/** One metafield that is meant, of one record or of one of its variants. */
export interface MetafieldEntry {
  readonly item: WriteItem;
  readonly resourceId: number;
  /** Name of the child: tells the variant too. */
  readonly child: string;
  readonly field: WireMetafield;
}

/** The entries that a desired form stands for; null ids are not at the target and are left out. */
export type EntriesOf = (item: WriteItem, desired: Json) => readonly MetafieldEntry[];

/**
 * Metafields of several records in batches (bigcommerce-api §3.5). A create is no upsert: what is refused may be there from a
 * try whose reply was lost, so the record's own list decides.
 */
export async function writeMetafields(
  api: BigCommerceApi,
  part: string,
  place: MetafieldPlace,
  entriesOf: EntriesOf,
  items: readonly WriteItem[],
  call: CallOptions,
): Promise<readonly WriteOutcome[]> {
  const ledger = outcomeLedger(items);
  const { path, route } = metafieldPath(place);
  const { posts, puts, deletes } = plan(items, entriesOf, place.ofVariants ?? false);
  const late: { id: number; entry: MetafieldEntry }[] = [];
  for (const chunk of chunks(posts, AT_ONCE)) {
    const left = await post(api, { path, route }, chunk, ledger, call);
    late.push(...(await resolveRefused(api, place, left, ledger, call)));
  }
  for (const chunk of chunks([...puts, ...late], AT_ONCE)) {
    const body = chunk.map(({ id, entry }) => ({ id, resource_id: entry.resourceId, ...wire(entry.field) }));
    await ledger.guard(
      chunk.map(({ entry }) => entry.item),
      async () => {
        await api.write({ method: 'PUT', path, route, body, call });
        for (const { id, entry } of chunk) ledger.learn(entry.item, pair(METAFIELD, entry.child, id));
      },
    );
  }
  for (const chunk of chunks(deletes, AT_ONCE)) {
    await ledger.guard(
      chunk.map(({ item }) => item),
      async () => {
        await api.write({ method: 'DELETE', path, route, body: chunk.map(({ id }) => id), call });
        for (const { item, child } of chunk) ledger.learn(item, unpair(METAFIELD, child));
      },
    );
  }
  return items.map((item) => ledger.outcome(item, part));
}

function plan(items: readonly WriteItem[], entriesOf: EntriesOf, ofVariants: boolean) {
  const posts: MetafieldEntry[] = [];
  const puts: { id: number; entry: MetafieldEntry }[] = [];
  const deletes: { id: number; item: WriteItem; child: string }[] = [];
  for (const item of items) {
    const known = childIds(item.children, METAFIELD);
    const before = new Map(entriesOf(item, item.lastDesired ?? []).map((entry) => [entry.child, entry.field.value]));
    const entries = entriesOf(item, item.desired ?? []);
    for (const entry of entries) {
      const id = known.get(entry.child);
      if (id === undefined) posts.push(entry);
      else if (before.get(entry.child) !== entry.field.value) puts.push({ id: Number(id), entry });
    }
    const meant = new Set(entries.map((entry) => entry.child));
    // By what is known to be there, not by what was meant last: that is not known while the part is open.
    const mine = [...known].filter(([child]) => (variantOf(child) !== null) === ofVariants && !meant.has(child));
    deletes.push(...mine.map(([child, id]) => ({ id: Number(id), item, child })));
  }
  return { posts, puts, deletes };
}

function wire(field: WireMetafield) {
  return { permission_set: 'app_only', namespace: field.namespace, key: field.key, value: field.value };
}

/** Returns what was refused and why. */
async function post(
  api: BigCommerceApi,
  at: { path: string; route: string },
  chunk: readonly MetafieldEntry[],
  ledger: OutcomeLedger,
  call: CallOptions,
): Promise<readonly Refused[]> {
  const body = chunk.map((entry) => ({ resource_id: entry.resourceId, ...wire(entry.field) }));
  const take = (rows: readonly MetafieldRow[], said: unknown): readonly Refused[] => {
    const made = new Map(rows.map((row) => [placeKey(row.resource_id ?? 0, row), row.id]));
    const named = namedIndexes(said);
    return chunk.flatMap((entry, index) => {
      const id = made.get(placeKey(entry.resourceId, entry.field));
      if (id === undefined) return [{ entry, why: named.get(index) ?? refusalText(said) }];
      ledger.learn(entry.item, pair(METAFIELD, entry.child, id));
      return [];
    });
  };
  try {
    const { data } = await api.write({ method: 'POST', ...at, body, schema: batch(metafieldSchema), call });
    return take(data.data ?? [], data);
  } catch (error) {
    if (isRefusal(error)) return take(batch(metafieldSchema).safeParse(error.body).data?.data ?? [], error.body);
    const gone = error instanceof StoreFailure && error.kind === 'missing';
    if (gone && new Set(chunk.map(({ item }) => item)).size > 1) {
      for (const { item } of chunk) ledger.fail(item, { id: item.id, outcome: 'batch-failed', message: error.message });
    } else for (const { item } of chunk) ledger.fail(item, outcomeOfFailure(item, error, null));
    return [];
  }
}

interface Refused {
  readonly entry: MetafieldEntry;
  readonly why: string;
}

function placeKey(resourceId: number, field: { namespace: string; key: string }): string {
  return `${resourceId}\n${field.namespace}\n${field.key}`;
}

/** What the lists say of refused creates: there already (to be set right), or really refused. */
async function resolveRefused(
  api: BigCommerceApi,
  where: MetafieldPlace,
  refused: readonly Refused[],
  ledger: OutcomeLedger,
  call: CallOptions,
): Promise<readonly { id: number; entry: MetafieldEntry }[]> {
  const late: { id: number; entry: MetafieldEntry }[] = [];
  const lists = new Map<number, readonly MetafieldRow[]>();
  for (const { entry, why } of refused) {
    await ledger.guard([entry.item], async () => {
      const route = `catalog/${where.resource}/:id/metafields`;
      const rows =
        lists.get(entry.resourceId) ??
        (await api.list({ path: where.listPath(entry), route, schema: metafieldSchema, call }));
      lists.set(entry.resourceId, rows);
      const row = rows.find((one) => one.namespace === entry.field.namespace && one.key === entry.field.key);
      if (row === undefined) ledger.fail(entry.item, rejected(entry.item.id, `metafield ${entry.field.key}: ${why}`));
      else if (row.value === entry.field.value) ledger.learn(entry.item, pair(METAFIELD, entry.child, row.id));
      else late.push({ id: row.id, entry });
    });
  }
  return late;
}

interface OutcomeLedger {
  learn(item: WriteItem, child: ChildPair): void;
  fail(item: WriteItem, outcome: WriteOutcome): void;
  /** Runs a request for some items; its failure is theirs. */
  guard(items: readonly WriteItem[], work: () => Promise<void>): Promise<void>;
  outcome(item: WriteItem, part: string): WriteOutcome;
}

/** Gathers what several requests did to each item; the first failure is what the item comes to. */
function outcomeLedger(items: readonly WriteItem[]): OutcomeLedger {
  const children = new Map<string, ChildPair[]>(items.map((item) => [item.id, []]));
  const failed = new Map<string, WriteOutcome>();
  const fail = (item: WriteItem, outcome: WriteOutcome): void => {
    if (!failed.has(item.id)) failed.set(item.id, outcome);
  };
  return {
    fail,
    learn: (item, child) => void children.get(item.id)?.push(child),
    async guard(some, work) {
      try {
        await work();
      } catch (error) {
        for (const item of new Set(some)) fail(item, outcomeOfFailure(item, error, null));
      }
    },
    outcome: (item, part) =>
      failed.get(item.id) ??
      // Nobody else may edit app-only metafields, so there is no base to compare (bigcommerce-api §3.5).
      writtenPart(item, requiredTargetId(item), part, { base: null, children: children.get(item.id) ?? [] }),
  };
}

/** Entries of a record's own metafields. */
export function ownEntries(item: WriteItem, desired: Json): readonly MetafieldEntry[] {
  const fields = (Array.isArray(desired) ? desired : []) as unknown as readonly WireMetafield[];
  return fields.map((field) => ({
    item,
    resourceId: Number(requiredTargetId(item)),
    child: `${field.namespace}/${field.key}`,
    field,
  }));
}
