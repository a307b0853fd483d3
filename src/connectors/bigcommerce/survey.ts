import { z } from 'zod';
import { StoreFailure } from '../http/failures.ts';
import type { ExistingRecord, TargetEntity, TargetSurvey } from '../target.ts';
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
  const looked = Object.values(table).filter((row) => row.derivedFrom === null);
  const [quota, mails, ...pages] = await Promise.all([
    quotaNow(api, signal),
    mailsOn(api, signal),
    ...looked.map((row) => firstPage(row, signal)),
  ]);
  const found = looked.map(({ entity }, at) => ({ entity, records: pages[at] ?? null }));
  const groups = found.find(({ entity }) => entity === 'customer_group')?.records ?? [];
  return {
    existing: Object.fromEntries(
      found.flatMap(({ entity, records }) =>
        records === null || records.length === 0 ? [] : [[entity, records.length] as const],
      ),
    ),
    refused: found.filter(({ records }) => records === null).map(({ entity }) => entity),
    groups: groups.map(({ targetId }) => targetId),
    quota,
    mails,
  };
}

/** null: the credentials may not look there. */
async function firstPage(row: TargetEntity, signal: AbortSignal): Promise<readonly ExistingRecord[] | null> {
  try {
    return (await row.scanExisting(null, { signal })).records;
  } catch (error) {
    if (!(error instanceof StoreFailure && error.kind === 'permission-missing')) throw error;
    return null;
  }
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
