import { chunks } from '../../../domain/chunks.ts';
import { z } from 'zod';
import type { JsonObject } from '../../../domain/json.ts';
import { normaliseKey } from '../../../domain/unique-key.ts';
import type { Query } from '../../http/request-form.ts';
import type { CallOptions, LookUpHit, TargetEntity, WriteItem, WriteOutcome } from '../../target.ts';
import type { BigCommerceApi } from '../bigcommerce-api.ts';
import type { RowDeps } from '../entity-table.ts';
import { mapPage, PAGE_NAME, pageKeys } from '../mapping/content/page.ts';
import { OWNABLE_PLACES } from '../ownable.ts';
import { agreesPagePart, presentPage } from '../projection/content.ts';
import { changedFields } from '../projection/field-changes.ts';
import { textField } from '../projection/fields.ts';
import { single } from '../wire/envelope.ts';
import { type PageRow, pageSchema } from '../wire/content/content.ts';
import { deleted } from '../writing/deletes.ts';
import { outcomeOfFailure } from '../writing/outcomes.ts';
import { requiredTargetId } from '../writing/per-item.ts';
import { unknownPart } from './part-spec.ts';

const AT = { path: '/v3/content/pages', route: 'content/pages' };
const MOST_IDS = 100;
const replySchema = single(z.union([pageSchema, z.array(pageSchema).transform(([row]) => row)]));

/** Pages of the storefront, one request each: of a refused batch nobody knows which are there (bigcommerce-api §6). */
export function pageRow({ api }: RowDeps): TargetEntity<'page'> {
  return {
    entity: 'page',
    parts: [{ part: 'core', createBatch: 1, updateBatch: 1, deleteBatch: 1, bundles: [] }],
    foreignEdits: 'full-list',
    derivedFrom: null,
    ownable: OWNABLE_PLACES.page,
    wantedKeys: pageKeys,
    map: mapPage,
    agrees: agreesPagePart,
    write: async (part, items, call) => {
      if (part !== 'core') throw unknownPart('page', part);
      const outcomes: WriteOutcome[] = [];
      for (const item of items) outcomes.push(await writePage(api, item, call));
      return outcomes;
    },
    lookUp: (items, call) => lookUp(api, items, call),
    read: async (targetIds, call) => {
      const rows: PageRow[] = [];
      for (const ids of chunks(targetIds, MOST_IDS)) rows.push(...(await listPages(api, { 'id:in': ids }, call)));
      return rows.map(presentPage);
    },
    changedSince: async (_since, call) => (await listPages(api, {}, call)).map(presentPage),
    scanExisting: async (cursor, call) => {
      const ask = { ...AT, query: {}, schema: pageSchema, call };
      const { rows, next } = await api.page(ask, Number(cursor ?? 1));
      const records = rows.map((row) => ({
        entity: 'page' as const,
        targetId: String(row.id),
        marker: null,
        keys: [
          { kind: PAGE_NAME, scope: '', value: row.name ?? '' },
          ...(row.url == null || row.url === '' ? [] : [{ kind: 'path', scope: '', value: row.url }]),
        ],
        children: [],
      }));
      return { records, next: next === null ? null : String(next) };
    },
  };
}

function listPages(api: BigCommerceApi, query: Query, call: CallOptions): Promise<readonly PageRow[]> {
  return api.list({ ...AT, query: { ...query, include: 'body' }, schema: pageSchema, call });
}

async function lookUp(api: BigCommerceApi, items: readonly WriteItem[], call: CallOptions): Promise<LookUpHit[]> {
  const hits: LookUpHit[] = [];
  for (const item of items) {
    const name = textField(item.desired, 'name');
    const rows = await listPages(api, { name }, call);
    const row = rows.find((one) => normaliseKey(one.name ?? '') === normaliseKey(name));
    if (row === undefined) continue;
    const state = presentPage(row);
    const agrees = agreesPagePart('core', item.desired, state.parts['core'] ?? null);
    hits.push({ id: item.id, state, marker: null, agrees });
  }
  return hits;
}

async function writePage(api: BigCommerceApi, item: WriteItem, call: CallOptions): Promise<WriteOutcome> {
  try {
    if (item.action === 'delete') {
      const path = `${AT.path}/${requiredTargetId(item)}`;
      await api.write({ path, route: `${AT.route}/:id`, method: 'DELETE', call });
      return deleted(item);
    }
    const desired = item.desired as JsonObject;
    const create = item.action === 'create';
    const at = create ? AT : { path: `${AT.path}/${requiredTargetId(item)}`, route: `${AT.route}/:id` };
    const { url, ...fields } = create ? desired : changedFields(desired, item.lastDesired);
    const body = { ...fields, ...(url === undefined || url === null ? {} : { url }) };
    const { data, status } = await api.write({
      ...at,
      method: create ? 'POST' : 'PUT',
      body,
      schema: replySchema,
      call,
    });
    if (data.data === undefined) return { id: item.id, outcome: 'uncertain', message: 'the reply left the page out' };
    // The reply leaves the text out (§6): it was taken, or the page would have been refused.
    const { targetId, parts } = presentPage({ ...data.data, body: textField(desired, 'body') });
    const unsettled = status === 207 ? [{ part: 'core', reason: 'the store gave it another address' }] : [];
    return { id: item.id, outcome: 'written', targetId, modifiedAt: null, bases: parts, children: [], unsettled };
  } catch (error) {
    return outcomeOfFailure(item, error, PAGE_NAME);
  }
}
