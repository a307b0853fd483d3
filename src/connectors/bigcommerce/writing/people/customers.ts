import type { Json, JsonObject } from '../../../../domain/json.ts';
import type { CallOptions, WriteItem, WriteOutcome } from '../../../target.ts';
import { StoreFailure } from '../../../http/failures.ts';
import type { BigCommerceApi } from '../../bigcommerce-api.ts';
import type { WireAddress } from '../../mapping/people/addresses.ts';
import { CUSTOMER_EMAIL } from '../../mapping/people/customer.ts';
import { pairAddresses, presentCustomer } from '../../projection/people/customer.ts';
import { changedFields, withoutBlanks } from '../../projection/field-changes.ts';
import { textField } from '../../projection/fields.ts';
import { refusalText } from '../../refusals.ts';
import { readCustomers } from '../../reading/people/customers.ts';
import { batch } from '../../wire/envelope.ts';
import { type CustomerRow, customerSchema } from '../../wire/people/customer.ts';
import { outcomeOfFailure, outcomesOfBatchFailure } from '../outcomes.ts';
import { requiredTargetId } from '../per-item.ts';
import { withoutKey } from '../product-create.ts';

const AT = { path: '/v3/customers', route: 'customers' };
/** That a create takes along (bigcommerce-api §4.1). */
const MOST_ADDRESSES = 10;

/** At most ten at a time, with their addresses; one bad item refuses all of them (bigcommerce-api §4.1). */
export async function createCustomers(
  api: BigCommerceApi,
  items: readonly WriteItem[],
  call: CallOptions,
): Promise<readonly WriteOutcome[]> {
  const body = items.map((item) => ({
    ...withoutBlanks(item.desired as JsonObject),
    addresses: wishesOf(item)
      .slice(0, MOST_ADDRESSES)
      .map((address) => withoutBlanks(withoutKey(address))),
    // No welcome mail, whatever the default may become.
    trigger_account_created_notification: false,
  }));
  try {
    const { data } = await api.write({ ...AT, method: 'POST', body, schema: batch(customerSchema), call });
    const rows = new Map((data.data ?? []).map((row) => [row.email.toLowerCase(), row]));
    return items.map((item) => {
      const row = rows.get(textField(item.desired, 'email').toLowerCase());
      return row === undefined
        ? { id: item.id, outcome: 'uncertain', message: 'the reply left the customer out' }
        : // What was not taken along is written as a part of its own.
          written(item, row, hasAllAddresses(item, row) ? ['core', 'addresses'] : ['core']);
    });
  } catch (error) {
    return blame(items, error);
  }
}

function hasAllAddresses(item: WriteItem, row: CustomerRow): boolean {
  return row.addresses != null && wishesOf(item).length <= MOST_ADDRESSES;
}

/** Own fields of at most ten; addresses are another resource. */
export async function updateCustomers(
  api: BigCommerceApi,
  items: readonly WriteItem[],
  call: CallOptions,
): Promise<readonly WriteOutcome[]> {
  const changes = items.map((item) => ({ item, fields: fieldsOf(item) }));
  const sent = changes.filter(({ fields }) => Object.keys(fields).length > 0);
  const idle = changes.filter((change) => !sent.includes(change)).map(({ item }) => unchanged(item));
  if (sent.length === 0) return idle;
  const body = sent.map(({ item, fields }) => ({ id: Number(requiredTargetId(item)), ...fields }));
  try {
    const { data } = await api.write({ ...AT, method: 'PUT', body, schema: batch(customerSchema), call });
    const rows = new Map((data.data ?? []).map((row) => [String(row.id), row]));
    const outcomes = sent.map(({ item }): WriteOutcome => {
      const row = rows.get(requiredTargetId(item));
      return row === undefined
        ? { id: item.id, outcome: 'uncertain', message: 'the reply left the customer out' }
        : written(item, row, ['core']);
    });
    return [...outcomes, ...idle];
  } catch (error) {
    const outcomes = blame(
      sent.map(({ item }) => item),
      error,
    );
    return [
      ...(await withoutTheGone(
        api,
        sent.map(({ item }) => item),
        outcomes,
        call,
      )),
      ...idle,
    ];
  }
}

/** The password is asked for anew once, when the customer is made. */
function fieldsOf(item: WriteItem): JsonObject {
  const { authentication: _once, ...fields } = changedFields(item.desired as JsonObject, item.lastDesired);
  return fields;
}

/** A batch says of an id that is not there what it says of any wrong field: a read tells. */
async function withoutTheGone(
  api: BigCommerceApi,
  items: readonly WriteItem[],
  outcomes: readonly WriteOutcome[],
  call: CallOptions,
): Promise<readonly WriteOutcome[]> {
  if (!outcomes.some(({ outcome }) => outcome === 'rejected' || outcome === 'batch-failed')) return outcomes;
  const there = new Set((await readCustomers(api, items.map(requiredTargetId), call)).map(({ targetId }) => targetId));
  return items.map((item, at) =>
    there.has(requiredTargetId(item)) ? (outcomes[at] as WriteOutcome) : { id: item.id, outcome: 'missing' },
  );
}

/** The refusal names the e-mail address that is taken; the others are innocent (§4.1). */
function blame(items: readonly WriteItem[], error: unknown): readonly WriteOutcome[] {
  const said = error instanceof StoreFailure && error.kind === 'rejected' ? refusalText(error.body) : '';
  if (!/already in use|already exists|duplicate/i.test(said)) {
    return items.length === 1
      ? items.map((item) => outcomeOfFailure(item, error, null))
      : outcomesOfBatchFailure(items, error, null, new Map());
  }
  const message = 'the e-mail address is in use';
  const offenders = items.filter((item) => said.toLowerCase().includes(textField(item.desired, 'email').toLowerCase()));
  return items.map((item) =>
    offenders.includes(item) || items.length === 1
      ? { id: item.id, outcome: 'duplicate', kind: CUSTOMER_EMAIL, message }
      : { id: item.id, outcome: 'batch-failed', message },
  );
}

function wishesOf(item: WriteItem): readonly (JsonObject & WireAddress)[] {
  const wishes: Json | undefined = item.bundle['addresses'];
  return Array.isArray(wishes) ? (wishes as readonly (JsonObject & WireAddress)[]) : [];
}

function written(item: WriteItem, row: CustomerRow, parts: readonly string[]): WriteOutcome {
  const state = presentCustomer({ ...row, addresses: row.addresses ?? [] });
  return {
    id: item.id,
    outcome: 'written',
    targetId: state.targetId,
    modifiedAt: state.modifiedAt,
    bases: Object.fromEntries(parts.map((part) => [part, state.parts[part] ?? null])),
    children: parts.includes('addresses') ? pairAddresses(wishesOf(item), row.addresses ?? []) : [],
    unsettled: [],
  };
}

function unchanged(item: WriteItem): WriteOutcome {
  return {
    id: item.id,
    outcome: 'written',
    targetId: requiredTargetId(item),
    modifiedAt: null,
    bases: { core: item.base },
    children: [],
    unsettled: [],
  };
}
