import { z } from 'zod';
import type { Json, JsonObject } from '../../../domain/json.ts';
import { normaliseKey } from '../../../domain/unique-key.ts';
import type { Query } from '../../http/request-form.ts';
import { StoreFailure } from '../../http/failures.ts';
import type { CallOptions, LookUpHit, TargetEntity, WriteItem, WriteOutcome } from '../../target.ts';
import type { BigCommerceApi } from '../bigcommerce-api.ts';
import type { RowDeps } from '../entity-table.ts';
import { COUPON_CODE, couponKeys, mapCoupon } from '../mapping/coupon.ts';
import { agreesCouponPart, presentCoupon } from '../projection/coupon.ts';
import { textField } from '../projection/fields.ts';
import { refusalText } from '../refusals.ts';
import { type CouponRow, couponSchema } from '../wire/coupon.ts';
import { deleted } from '../writing/deletes.ts';
import { outcomeOfFailure } from '../writing/outcomes.ts';
import { requiredTargetId } from '../writing/per-item.ts';
import { unknownPart } from './part-spec.ts';

const AT = { path: '/v2/coupons', route: 'coupons' };
/** The most that a list serves at once (bigcommerce-api §1.2). */
const PAGE = 250;

/** Coupons of V2, one request each, unique by code and name (bigcommerce-api §2, §6). */
export function couponRow({ api }: RowDeps): TargetEntity<'coupon'> {
  return {
    entity: 'coupon',
    parts: [{ part: 'core', createBatch: 1, updateBatch: 1, deleteBatch: 1, bundles: [] }],
    foreignEdits: 'full-list',
    derivedFrom: null,
    scannedKeys: ({ sourceId, name }) => (name === '' ? [] : couponKeys(sourceId, { code: name })),
    wantedKeys: couponKeys,
    map: mapCoupon,
    agrees: agreesCouponPart,
    write: async (part, items, call) => {
      if (part !== 'core') throw unknownPart('coupon', part);
      const outcomes: WriteOutcome[] = [];
      for (const item of items) outcomes.push(await writeCoupon(api, item, call));
      return outcomes;
    },
    lookUp: (items, call) => lookUp(api, items, call),
    read: async (targetIds, call) => {
      const wanted = new Set(targetIds);
      return (await listCoupons(api, {}, call)).filter((row) => wanted.has(String(row.id))).map(presentCoupon);
    },
    changedSince: async (_since, call) => (await listCoupons(api, {}, call)).map(presentCoupon),
    scanExisting: async (_cursor, call) => ({
      records: (await listCoupons(api, {}, call)).map((row) => ({
        entity: 'coupon',
        targetId: String(row.id),
        // Coupons have no metafields: the code is all there is to know one by.
        marker: null,
        keys: [{ kind: COUPON_CODE, scope: '', value: row.code }],
        children: [],
      })),
      next: null,
    }),
  };
}

/** By id, so that coupons that come and go meanwhile shift nothing (`min_id` is the preferred paging). */
async function listCoupons(api: BigCommerceApi, query: Query, call: CallOptions): Promise<readonly CouponRow[]> {
  const rows: CouponRow[] = [];
  for (let minId = 0; ;) {
    const asked = { ...query, min_id: minId, limit: PAGE };
    const page = (await api.get({ ...AT, query: asked, schema: z.array(couponSchema).nullable(), call })) ?? [];
    rows.push(...page);
    if (page.length < PAGE) return rows;
    minId = Math.max(...page.map(({ id }) => id)) + 1;
  }
}

async function lookUp(api: BigCommerceApi, items: readonly WriteItem[], call: CallOptions): Promise<LookUpHit[]> {
  const hits: LookUpHit[] = [];
  for (const item of items) {
    const code = textField(item.desired, 'code');
    const row = (await listCoupons(api, { code }, call)).find((one) => normaliseKey(one.code) === normaliseKey(code));
    if (row === undefined) continue;
    const state = presentCoupon(row);
    const agrees = agreesCouponPart('core', item.desired, state.parts['core'] ?? null);
    hits.push({ id: item.id, state, marker: null, agrees });
  }
  return hits;
}

async function writeCoupon(api: BigCommerceApi, item: WriteItem, call: CallOptions): Promise<WriteOutcome> {
  try {
    if (item.action === 'delete') {
      const path = `${AT.path}/${requiredTargetId(item)}`;
      await api.write({ path, route: `${AT.route}/:id`, method: 'DELETE', call });
      return deleted(item);
    }
    const create = item.action === 'create';
    const at = create ? AT : { path: `${AT.path}/${requiredTargetId(item)}`, route: `${AT.route}/:id` };
    // A field that is left out of an update is cleared (`applies_to`), so all of them go (bigcommerce-api §6).
    const body = filled(item.desired as JsonObject);
    const { data } = await api.write({ ...at, method: create ? 'POST' : 'PUT', body, schema: couponSchema, call });
    const { targetId, parts } = presentCoupon(data);
    return { id: item.id, outcome: 'written', targetId, modifiedAt: null, bases: parts, children: [], unsettled: [] };
  } catch (error) {
    const said = error instanceof StoreFailure && error.kind === 'rejected' ? refusalText(error.body) : '';
    // 400 or 409, nobody knows which: the words decide.
    if (/duplicate|already|in use|unique/i.test(said)) {
      return { id: item.id, outcome: 'duplicate', kind: COUPON_CODE, message: said };
    }
    return outcomeOfFailure(item, error, COUPON_CODE);
  }
}

/** What is not set: 0 for limits, so that an update takes one away. */
function filled(desired: JsonObject): JsonObject {
  const value = (name: string, none: Json): Json => desired[name] ?? none;
  const { expires, ...rest } = desired;
  return {
    ...rest,
    min_purchase: value('min_purchase', '0'),
    max_uses: value('max_uses', 0),
    max_uses_per_customer: value('max_uses_per_customer', 0),
    ...(expires === null || expires === undefined ? {} : { expires }),
  };
}
