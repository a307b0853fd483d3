import type { JsonObject } from '../../../domain/json.ts';
import type { CallOptions, WriteItem, WriteOutcome } from '../../target.ts';
import type { BigCommerceApi } from '../bigcommerce-api.ts';
import { REDIRECT_PATH } from '../mapping/redirect.ts';
import { agreesRedirectPart, presentRedirect, redirectPath } from '../projection/redirect.ts';
import { readRedirects, redirectAt, redirectsAt } from '../reading/redirects.ts';
import { namedIndexes } from '../refusals.ts';
import { StoreFailure } from '../../http/failures.ts';
import { batch } from '../wire/envelope.ts';
import { type RedirectRow, redirectSchema } from '../wire/redirect.ts';
import { outcomesOfBatchFailure } from './outcomes.ts';
import { requiredTargetId } from './per-item.ts';

const AT = { path: '/v3/storefront/redirects', route: 'storefront/redirects' };

/** A write replaces whatever leads away from the path, so it looks first whose that is (P8). */
export async function createRedirects(
  api: BigCommerceApi,
  items: readonly WriteItem[],
  call: CallOptions,
): Promise<readonly WriteOutcome[]> {
  const outcomes: WriteOutcome[] = [];
  const free: WriteItem[] = [];
  const wishes = items.map((item) => item.desired as JsonObject);
  const there = oneSite(wishes) ? await redirectsAt(api, wishes, call) : null;
  for (const item of items) {
    const wish = item.desired as JsonObject;
    const row = there === null ? await redirectAt(api, wish, call) : there.get(redirectPath(wish));
    if (row === undefined) free.push(item);
    else if (agreesRedirectPart('core', item.desired, presentRedirect(row).parts['core'] ?? null))
      outcomes.push(written(item, row));
    else {
      const message = 'another redirect leads away from this address';
      outcomes.push({ id: item.id, outcome: 'duplicate', kind: REDIRECT_PATH, message });
    }
  }
  return [...outcomes, ...(await upsert(api, free, call))];
}

function oneSite(wishes: readonly JsonObject[]): boolean {
  return new Set(wishes.map((wish) => wish['site_id'])).size === 1;
}

/** One that is gone would be made again: it is looked for before. */
export async function updateRedirects(
  api: BigCommerceApi,
  items: readonly WriteItem[],
  call: CallOptions,
): Promise<readonly WriteOutcome[]> {
  const there = new Set((await readRedirects(api, items.map(requiredTargetId), call)).map(({ targetId }) => targetId));
  const gone = items.filter((item) => !there.has(requiredTargetId(item)));
  return [
    ...gone.map(({ id }): WriteOutcome => ({ id, outcome: 'missing' })),
    ...(await upsert(
      api,
      items.filter((item) => !gone.includes(item)),
      call,
    )),
  ];
}

async function upsert(
  api: BigCommerceApi,
  items: readonly WriteItem[],
  call: CallOptions,
): Promise<readonly WriteOutcome[]> {
  if (items.length === 0) return [];
  const body = items.map((item) => item.desired as JsonObject);
  try {
    const { data } = await api.write({ ...AT, method: 'PUT', body, schema: batch(redirectSchema), call });
    const rows = new Map((data.data ?? []).map((row) => [redirectPath(row), row]));
    return items.map((item): WriteOutcome => {
      const row = rows.get(redirectPath(item.desired));
      const message = 'the reply left the redirect out';
      return row === undefined ? { id: item.id, outcome: 'uncertain', message } : written(item, row);
    });
  } catch (error) {
    const named = error instanceof StoreFailure ? namedIndexes(error.body) : new Map<number, string>();
    return outcomesOfBatchFailure(items, error, null, named);
  }
}

function written(item: WriteItem, row: RedirectRow): WriteOutcome {
  const { targetId, parts } = presentRedirect(row);
  return { id: item.id, outcome: 'written', targetId, modifiedAt: null, bases: parts, children: [], unsettled: [] };
}
