import { z } from 'zod';
import type { MovedEntity } from '../../domain/record.ts';
import { StoreFailure } from '../http/failures.ts';
import type { TargetSurvey } from '../target.ts';
import type { BigCommerceApi } from './bigcommerce-api.ts';
import type { EntityTable } from './entity-table.ts';

const switchesSchema = z.object({ data: z.record(z.string(), z.unknown()) });
const announcementsSchema = z.object({
  data: z.looseObject({
    notifications: z.record(z.string(), z.looseObject({ email_addresses: z.array(z.string()).nullish() })).nullish(),
  }),
});

/** Mails that a status or an order written by us could set off (bigcommerce-api §5.1, §8). */
const ORDER_MAILS = [
  'combined_order_status_email',
  'invoice_email',
  'ordermessage_notification',
  'order_ready_for_pickup',
];

/** What is there before the first write, a page of each entity; which mails are on. */
export async function surveyStore(api: BigCommerceApi, table: EntityTable, signal: AbortSignal): Promise<TargetSurvey> {
  const existing: Partial<Record<MovedEntity, number>> = {};
  const refused: MovedEntity[] = [];
  const quota = await quotaNow(api, signal);
  let groups: readonly string[] = [];
  for (const row of Object.values(table)) {
    if (row.derivedFrom !== null) continue;
    try {
      const { records } = await row.scanExisting(null, { signal });
      if (row.entity === 'customer_group') groups = records.map(({ targetId }) => targetId);
      if (records.length > 0) existing[row.entity] = records.length;
    } catch (error) {
      if (!(error instanceof StoreFailure && error.kind === 'permission-missing')) throw error;
      refused.push(row.entity);
    }
  }
  return { existing, refused, groups, quota, mails: await mailsOn(api, signal) };
}

async function quotaNow(api: BigCommerceApi, signal: AbortSignal): Promise<TargetSurvey['quota']> {
  const { limit, left, windowMs } = await api.quota({ signal });
  return limit === undefined || left === undefined || windowMs === undefined ? null : { limit, left, windowMs };
}

async function mailsOn(api: BigCommerceApi, signal: AbortSignal): Promise<readonly string[]> {
  try {
    const call = { signal };
    const email = {
      path: '/v3/settings/email-statuses',
      route: 'settings/email-statuses',
      schema: switchesSchema,
      call,
    };
    const orders = { path: '/v3/orders/settings', route: 'orders/settings', schema: announcementsSchema, call };
    const switches = (await api.get(email)).data;
    const announced = Object.entries((await api.get(orders)).data.notifications ?? {});
    return [
      ...ORDER_MAILS.filter((name) => switches[name] === true),
      ...announced.filter(([, { email_addresses: to }]) => (to ?? []).length > 0).map(([name]) => name),
    ];
  } catch (error) {
    // A token that may not read settings cannot prove that mails are off.
    if (error instanceof StoreFailure && (error.kind === 'permission-missing' || error.kind === 'missing'))
      return ['unknown'];
    throw error;
  }
}
