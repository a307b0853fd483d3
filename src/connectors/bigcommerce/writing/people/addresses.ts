import { chunks } from '../../../../domain/chunks.ts';
import type { JsonObject } from '../../../../domain/json.ts';
import type { CallOptions, WriteItem } from '../../../target.ts';
import type { BigCommerceApi } from '../../bigcommerce-api.ts';
import type { WireAddress } from '../../mapping/people/addresses.ts';
import { childIds, unpair } from '../../projection/children.ts';
import { ADDRESS, pairAddresses, presentAddresses } from '../../projection/people/customer.ts';
import { sameJson, withoutBlanks } from '../../projection/field-changes.ts';
import { batch } from '../../wire/envelope.ts';
import { type AddressRow, addressSchema } from '../../wire/people/customer.ts';
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
  const ours = childIds(item.children, ADDRESS);
  const known = rowsOfWishes(wishes, ours, await list());
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
  const kept = new Set(known.values());
  const obsolete = [...ours.values()].filter((id) => !kept.has(id));
  if (obsolete.length > 0) await api.write({ ...AT, method: 'DELETE', query: { 'id:in': obsolete }, call });
  const gone = [...ours.keys()].filter((key) => !wishes.some((wish) => wish.key === key));
  const rows = await list();
  return {
    base: presentAddresses(rows),
    children: [...pairAddresses(wishes, rows), ...gone.map((key) => unpair(ADDRESS, key))],
  };
}

/**
 * Which row each wish has: one that says the same, whoever had it (billing and shipping change places), else the one that was its
 * own, unless that is another's by now or is gone.
 */
function rowsOfWishes(
  wishes: readonly WireAddress[],
  ours: ReadonlyMap<string, string>,
  rows: readonly AddressRow[],
): ReadonlyMap<string, string> {
  const same = new Map(pairAddresses(wishes, rows).map(({ sourceId, targetId }) => [sourceId, targetId]));
  const taken = new Set(same.values());
  const there = new Set(rows.map(({ id }) => String(id)));
  const own = wishes.flatMap(({ key }): [string, string][] => {
    const id = ours.get(key);
    return id === undefined || same.has(key) || taken.has(id) || !there.has(id) ? [] : [[key, id]];
  });
  return new Map([...own, ...same]);
}
