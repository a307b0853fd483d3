import type { TargetEntity } from '../../target.ts';
import type { RowDeps } from '../entity-table.ts';
import { mapRedirect, redirectKeys } from '../mapping/redirect.ts';
import { agreesRedirectPart, presentRedirect } from '../projection/redirect.ts';
import { existingScanner } from '../reading/existing.ts';
import { existingRedirects, listRedirects, lookUpRedirects, readRedirects } from '../reading/redirects.ts';
import { deleteByIds } from '../writing/deletes.ts';
import { createRedirects, updateRedirects } from '../writing/redirects.ts';
import { unknownPart } from './part-spec.ts';

/** No maximum is published (bigcommerce-api §6). */
const AT_ONCE = 50;

export function redirectRow({ api }: RowDeps): TargetEntity<'redirect'> {
  return {
    entity: 'redirect',
    parts: [{ part: 'core', createBatch: 10, updateBatch: AT_ONCE, deleteBatch: AT_ONCE, bundles: [] }],
    foreignEdits: 'full-list',
    derivedFrom: null,
    wantedKeys: redirectKeys,
    map: mapRedirect,
    agrees: agreesRedirectPart,
    write: async (part, items, call) => {
      if (part !== 'core') throw unknownPart('redirect', part);
      switch (items[0]?.action) {
        case 'create':
          return createRedirects(api, items, call);
        case 'delete':
          return deleteByIds(api, { path: '/v3/storefront/redirects', filter: 'id:in' }, items, call);
        default:
          return updateRedirects(api, items, call);
      }
    },
    lookUp: (items, call) => lookUpRedirects(api, items, call),
    read: (targetIds, call) => readRedirects(api, targetIds, call),
    changedSince: async (_since, call) => (await listRedirects(api, {}, call)).map(presentRedirect),
    scanExisting: existingScanner(api, existingRedirects),
  };
}
