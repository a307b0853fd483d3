import { chunks } from '../../../domain/chunks.ts';
import type { JsonObject } from '../../../domain/json.ts';
import { percentDecoded } from '../../../canonical/slug-path.ts';
import type { Query } from '../../http/request-form.ts';
import type { PresentState } from '../../../domain/target-state.ts';
import type { CallOptions, LookUpHit, WriteItem } from '../../target.ts';
import { type BigCommerceApi, PAGE_SIZE } from '../bigcommerce-api.ts';
import { REDIRECT_PATH } from '../mapping/redirect.ts';
import { agreesRedirectPart, presentRedirect, redirectPath } from '../projection/redirect.ts';
import { textField } from '../projection/fields.ts';
import { type RedirectRow, redirectSchema } from '../wire/redirect.ts';
import type { ExistingList } from './existing.ts';

const AT = { path: '/v3/storefront/redirects', route: 'storefront/redirects' };

export function listRedirects(api: BigCommerceApi, query: Query, call: CallOptions): Promise<readonly RedirectRow[]> {
  return api.list({ ...AT, query, schema: redirectSchema, call });
}

export async function readRedirects(
  api: BigCommerceApi,
  targetIds: readonly string[],
  call: CallOptions,
): Promise<readonly PresentState[]> {
  const states: PresentState[] = [];
  for (const ids of chunks(targetIds, PAGE_SIZE)) {
    states.push(...(await listRedirects(api, { 'id:in': ids }, call)).map(presentRedirect));
  }
  return states;
}

/** The redirect that leads away from the same path, told from a list of what begins with it (bigcommerce-api §6). */
export async function redirectAt(
  api: BigCommerceApi,
  desired: JsonObject,
  call: CallOptions,
): Promise<RedirectRow | undefined> {
  const from = textField(desired, 'from_path');
  const site = Number(desired['site_id']);
  for (const keyword of new Set([withoutEnd(from), withoutEnd(percentDecoded(from))])) {
    const rows = await listRedirects(api, { site_id: site, keyword }, call);
    const row = rows.find((one) => redirectPath(one) === redirectPath(desired) && (one.site_id ?? site) === site);
    if (row !== undefined) return row;
  }
  return undefined;
}

/**
 * Who leads away from these paths, by path: told from the whole list where that takes no more requests than a look-up of
 * each; null where the list is longer.
 */
export async function redirectsAt(
  api: BigCommerceApi,
  wishes: readonly JsonObject[],
  call: CallOptions,
): Promise<ReadonlyMap<string, RedirectRow> | null> {
  const found = new Map<string, RedirectRow>();
  const site = Number(wishes[0]?.['site_id']);
  for (let pages = 1; pages <= wishes.length; pages += 1) {
    const { rows, next } = await api.page({ ...AT, query: { site_id: site }, schema: redirectSchema, call }, pages);
    for (const row of rows) if ((row.site_id ?? site) === site) found.set(redirectPath(row), row);
    if (next === null) return found;
  }
  return null;
}

/** The store may keep a path with or without a slash at its end. */
function withoutEnd(path: string): string {
  return path.replace(/\/+$/, '') || '/';
}

export async function lookUpRedirects(
  api: BigCommerceApi,
  items: readonly WriteItem[],
  call: CallOptions,
): Promise<readonly LookUpHit[]> {
  const hits: LookUpHit[] = [];
  for (const item of items) {
    const row = await redirectAt(api, item.desired as JsonObject, call);
    if (row === undefined) continue;
    const state = presentRedirect(row);
    const agrees = agreesRedirectPart('core', item.desired, state.parts['core'] ?? null);
    hits.push({ id: item.id, state, marker: null, agrees });
  }
  return hits;
}

export const existingRedirects: ExistingList<RedirectRow> = {
  path: AT.path,
  query: {},
  schema: redirectSchema,
  resources: [],
  toRecord: (row) => ({
    entity: 'redirect',
    targetId: String(row.id),
    marker: null,
    keys: [{ kind: REDIRECT_PATH, scope: String(row.site_id ?? ''), value: redirectPath(row) }],
    children: [],
  }),
};
