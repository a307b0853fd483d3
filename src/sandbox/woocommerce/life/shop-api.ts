import type { SandboxControls } from '../../shared/controls.ts';
import type { Params } from '../rest/params.ts';
import { checkParams } from '../rest/params.ts';
import type { Call, Resource } from '../rest/resource.ts';
import type { Shop } from '../store/shop.ts';

/**
 * Writes as a client of the REST API makes them, without the way over HTTP: checked by the same schema, stamped by the
 * same functions, announced to the same webhooks. Paths are as on the wire (`/wc/v3/products/2001/variations`).
 * Everything throws RestError as the route would answer it.
 */
export interface ShopApi {
  create(path: string, body: Params): Params;
  update(path: string, id: number, body: Params): Params;
  remove(path: string, id: number, force: boolean): Params;
}

export function shopApi(shop: Shop, controls: SandboxControls, resources: readonly Resource[]): ShopApi {
  const places = resources.map((resource) => ({
    resource,
    pattern: new RegExp(`^${resource.path.replace(/:(\w+)\(\^\\d\+\$\)/g, '(?<$1>\\d+)')}$`),
  }));
  const found = (path: string, given: Params, asNew: boolean): { resource: Resource; call: Call } => {
    for (const { resource, pattern } of places) {
      const match = pattern.exec(path);
      if (!match) continue;
      const entries = Object.entries(resource.writeParams);
      const specs = asNew ? entries : entries.map(([name, spec]) => [name, { ...spec, required: false }] as const);
      const params = checkParams(given, Object.fromEntries(specs), false);
      const ids = Object.fromEntries(Object.entries(match.groups ?? {}).map(([name, value]) => [name, Number(value)]));
      return { resource, call: { shop, controls, params, ids, names: {}, context: 'edit', anonymous: false } };
    }
    throw new Error(`no resource lies at ${path}`);
  };
  return {
    create: (path, body) => {
      const { resource, call } = found(path, body, true);
      return resource.create!(call, call.params) as Params;
    },
    update: (path, id, body) => {
      const { resource, call } = found(path, body, false);
      return resource.update!(call, id, call.params) as Params;
    },
    remove: (path, id, force) => {
      const { resource, call } = found(path, {}, false);
      return resource.remove!(call, id, force) as Params;
    },
  };
}
