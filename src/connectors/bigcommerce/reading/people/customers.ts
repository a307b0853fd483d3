import { chunks } from '../../../../domain/chunks.ts';
import type { Instant } from '../../../../domain/record.ts';
import type { PresentState } from '../../../../domain/target-state.ts';
import type { CallOptions, LookUpHit, WriteItem } from '../../../target.ts';
import type { Query } from '../../../http/request-form.ts';
import { type BigCommerceApi, PAGE_SIZE } from '../../bigcommerce-api.ts';
import type { WireAddress } from '../../mapping/people/addresses.ts';
import { CUSTOMER_EMAIL } from '../../mapping/people/customer.ts';
import { agreesCustomerPart, pairAddresses, presentCustomer } from '../../projection/people/customer.ts';
import { textField } from '../../projection/fields.ts';
import { type CustomerRow, customerSchema } from '../../wire/people/customer.ts';
import type { ExistingList } from '../existing.ts';

const AT = { path: '/v3/customers', route: 'customers' };

/** There is no read by id: lists are filtered (bigcommerce-api §4.1). */
function listCustomers(api: BigCommerceApi, query: Query, call: CallOptions): Promise<readonly CustomerRow[]> {
  return api.list({ ...AT, query: { ...query, include: 'addresses' }, schema: customerSchema, call });
}

export async function readCustomers(
  api: BigCommerceApi,
  targetIds: readonly string[],
  call: CallOptions,
): Promise<readonly PresentState[]> {
  const states: PresentState[] = [];
  for (const ids of chunks(targetIds, PAGE_SIZE)) {
    const rows = await listCustomers(api, { 'id:in': ids }, call);
    states.push(...rows.map((row) => presentCustomer(row)));
  }
  return states;
}

/** One request for the batch: e-mail addresses are unique (§2). */
export async function lookUpCustomers(
  api: BigCommerceApi,
  items: readonly WriteItem[],
  call: CallOptions,
): Promise<readonly LookUpHit[]> {
  const emails = items.map((item) => textField(item.desired, 'email'));
  const rows = await listCustomers(api, { 'email:in': emails }, call);
  return items.flatMap((item, at): LookUpHit[] => {
    const row = rows.find((one) => one.email.toLowerCase() === emails[at]?.toLowerCase());
    if (row === undefined) return [];
    const wishes = (item.bundle['addresses'] ?? []) as unknown as readonly WireAddress[];
    const state = presentCustomer(row, pairAddresses(wishes, row.addresses ?? []));
    const agrees = agreesCustomerPart('core', item.desired, state.parts['core'] ?? null);
    return [{ id: item.id, state, marker: null, agrees }];
  });
}

export async function customersChangedSince(
  api: BigCommerceApi,
  since: Instant,
  call: CallOptions,
): Promise<readonly PresentState[]> {
  const query = { 'date_modified:min': since, sort: 'date_modified:asc' };
  return (await listCustomers(api, query, call)).map((row) => presentCustomer(row));
}

export const existingCustomers: ExistingList<CustomerRow> = {
  path: AT.path,
  query: {},
  schema: customerSchema,
  resources: ['customers'],
  toRecord: (row, [markers]) => ({
    entity: 'customer',
    targetId: String(row.id),
    marker: markers?.get(row.id) ?? null,
    keys: [{ kind: CUSTOMER_EMAIL, scope: '', value: row.email }],
    children: [],
  }),
};
