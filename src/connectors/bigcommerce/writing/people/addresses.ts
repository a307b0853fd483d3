import { chunks } from '../../../../domain/chunks.ts';
import type { JsonObject } from '../../../../domain/json.ts';
import type { ChildPair } from '../../../../domain/target-state.ts';
import type { CallOptions, WriteItem } from '../../../target.ts';
import type { BigCommerceApi } from '../../bigcommerce-api.ts';
import type { WireAddress } from '../../mapping/people/addresses.ts';
import { childIds, unpair } from '../../projection/children.ts';
import { ADDRESS, pairAddresses, presentAddresses } from '../../projection/people/customer.ts';
import { sameJson, withoutBlanks } from '../../projection/field-changes.ts';
import { batch } from '../../wire/envelope.ts';
import { addressSchema } from '../../wire/people/customer.ts';
import type { PartWritten } from '../per-item.ts';
import { withoutKey } from '../product-create.ts';

const AT = { path: '/v3/customers/addresses', route: 'customers/addresses' };
/** Not published for addresses: that of customers (bigcommerce-api §4.2). */
const AT_ONCE = 10;

/**
 * Brings the addresses of one customer to what is meant. One that is there already is not made again by the target itself
 * (bigcommerce-api §2), so the list decides who is whom; others' addresses stay.
 */
export async function writeAddresses(
  api: BigCommerceApi,
  item: WriteItem,
  customerId: string,
  call: CallOptions,
): Promise<PartWritten> {
  const list = () => api.list({ ...AT, query: { 'customer_id:in': [customerId] }, schema: addressSchema, call });
  const send = (method: 'POST' | 'PUT', body: JsonObject[]) =>
    api.write({ ...AT, method, body, schema: batch(addressSchema), call });
  const wishes = (item.desired ?? []) as unknown as readonly (WireAddress & JsonObject)[];
  const known = new Map(childIds(item.children, ADDRESS));
  for (const { sourceId, targetId } of pairAddresses(wishes, await list())) known.set(sourceId, targetId);
  const before = new Map(
    ((item.lastDesired ?? []) as unknown as readonly WireAddress[]).map((address) => [address.key, address]),
  );
  const made = wishes.filter(({ key }) => !known.has(key));
  const changed = wishes.filter((wish) => known.has(wish.key) && !sameJson(before.get(wish.key), wish));
  const customer = { customer_id: Number(customerId) };
  for (const some of chunks(made, AT_ONCE)) {
    await send(
      'POST',
      some.map((wish) => ({ ...customer, ...withoutBlanks(withoutKey(wish)) })),
    );
  }
  for (const some of chunks(changed, AT_ONCE)) {
    await send(
      'PUT',
      some.map((wish) => ({ id: Number(known.get(wish.key)), ...withoutKey(wish) })),
    );
  }
  const obsolete = await removeObsolete(api, wishes, childIds(item.children, ADDRESS), call);
  const rows = await list();
  return { base: presentAddresses(rows), children: [...pairAddresses(wishes, rows), ...obsolete] };
}

async function removeObsolete(
  api: BigCommerceApi,
  wishes: readonly WireAddress[],
  known: ReadonlyMap<string, string>,
  call: CallOptions,
): Promise<readonly ChildPair[]> {
  const meant = new Set(wishes.map(({ key }) => key));
  const obsolete = [...known].filter(([key]) => !meant.has(key));
  if (obsolete.length === 0) return [];
  await api.write({ ...AT, method: 'DELETE', query: { 'id:in': obsolete.map(([, id]) => id) }, call });
  return obsolete.map(([key]) => unpair(ADDRESS, key));
}
