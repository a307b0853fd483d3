import { z } from 'zod';
import type { JsonObject } from '../../../domain/json.ts';
import { normaliseKey } from '../../../domain/unique-key.ts';
import type { CallOptions, TargetEntity, WriteItem, WriteOutcome } from '../../target.ts';
import type { BigCommerceApi } from '../bigcommerce-api.ts';
import type { RowDeps } from '../entity-table.ts';
import { customerGroupKeys, GROUP_NAME, mapCustomerGroup } from '../mapping/people/customer-group.ts';
import { textField } from '../projection/fields.ts';
import { agreesGroupPart, presentGroup } from '../projection/people/customer.ts';
import { type GroupRow, groupSchema } from '../wire/people/customer.ts';
import { deleted } from '../writing/deletes.ts';
import { outcomeOfFailure } from '../writing/outcomes.ts';
import { requiredTargetId } from '../writing/per-item.ts';
import { unknownPart } from './part-spec.ts';

const AT = { path: '/v2/customer_groups', route: 'customer_groups' };
/** The most that a list serves at once; a shop has a handful of groups. */
const PAGE = 250;

/** Groups of V2, one request each; a list is 204 when it is empty (bigcommerce-api §4.2, §1.1). */
export function customerGroupRow({ api }: RowDeps): TargetEntity<'customer_group'> {
  return {
    entity: 'customer_group',
    parts: [{ part: 'core', createBatch: 1, updateBatch: 1, deleteBatch: 1, bundles: [] }],
    foreignEdits: 'full-list',
    derivedFrom: null,
    wantedKeys: customerGroupKeys,
    map: mapCustomerGroup,
    agrees: agreesGroupPart,
    write: async (part, items, call) => {
      if (part !== 'core') throw unknownPart('customer_group', part);
      const outcomes: WriteOutcome[] = [];
      for (const item of items) outcomes.push(await writeGroup(api, item, call));
      return outcomes;
    },
    lookUp: async (items, call) => {
      const rows = await listGroups(api, call);
      return items.flatMap((item) => {
        const name = normaliseKey(textField(item.desired, 'name'));
        const row = rows.find((one) => normaliseKey(one.name) === name);
        return row === undefined ? [] : [{ id: item.id, state: presentGroup(row), marker: null, agrees: true }];
      });
    },
    read: async (targetIds, call) => {
      const wanted = new Set(targetIds);
      return (await listGroups(api, call)).filter((row) => wanted.has(String(row.id))).map(presentGroup);
    },
    changedSince: async (_since, call) => (await listGroups(api, call)).map(presentGroup),
    scanExisting: async (_cursor, call) => ({
      records: (await listGroups(api, call)).map((row) => ({
        entity: 'customer_group',
        targetId: String(row.id),
        marker: null,
        keys: [{ kind: GROUP_NAME, scope: '', value: row.name }],
        children: [],
      })),
      next: null,
    }),
  };
}

async function listGroups(api: BigCommerceApi, call: CallOptions): Promise<readonly GroupRow[]> {
  const rows: GroupRow[] = [];
  for (let page = 1; ; page += 1) {
    const query = { page, limit: PAGE };
    const found = (await api.get({ ...AT, query, schema: z.array(groupSchema).nullable(), call })) ?? [];
    rows.push(...found);
    if (found.length < PAGE) return rows;
  }
}

async function writeGroup(api: BigCommerceApi, item: WriteItem, call: CallOptions): Promise<WriteOutcome> {
  const body = item.desired as JsonObject;
  const one = { path: `${AT.path}/${item.targetId ?? ''}`, route: `${AT.route}/:id` };
  try {
    if (item.action === 'delete') {
      await api.write({ ...one, path: `${AT.path}/${requiredTargetId(item)}`, method: 'DELETE', call });
      return deleted(item);
    }
    const create = item.action === 'create';
    const { data } = await api.write({
      ...(create ? AT : one),
      method: create ? 'POST' : 'PUT',
      body,
      schema: groupSchema,
      call,
    });
    const state = presentGroup(data);
    const { targetId, parts } = state;
    return { id: item.id, outcome: 'written', targetId, modifiedAt: null, bases: parts, children: [], unsettled: [] };
  } catch (error) {
    return outcomeOfFailure(item, error, GROUP_NAME);
  }
}
