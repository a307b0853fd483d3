import { type ConcurrencyCap, createConcurrencyCap } from '../../shared/rate-limit.ts';

/** Requests of a resource at once per store (bigcommerce-api §1.4); one more is a 429 without rate headers. */
const CAPS: readonly (readonly [string, RegExp, number])[] = [
  ['PUT', /^\/v3\/customers$/, 3],
  ['POST', /^\/v3\/customers\/addresses/, 10],
  ['PUT', /^\/v3\/customers\/addresses/, 3],
  ['POST,PUT', /^\/v3\/customers\/attributes/, 3],
  ['PUT', /^\/v3\/customers\/attribute-values/, 3],
  ['PUT', /^\/v3\/customers\/form-field-values/, 10],
  ['GET,POST,PUT,DELETE', /^\/v2\/customer_groups/, 40],
  ['GET', /^\/v3\/catalog\/trees\/\d+\/categories/, 1],
  // "One request after another": in bulk only (§7).
  ['PUT,POST', /^\/v3\/inventory\/adjustments/, 1],
];

export interface ResourceCaps {
  /** Null when the resource is full; else what to call when the reply is out. */
  enter(method: string, path: string): (() => void) | null;
}

export function resourceCaps(): ResourceCaps {
  const caps = CAPS.map(([methods, route, most]) => ({
    methods: methods.split(','),
    route,
    cap: createConcurrencyCap(most),
  }));
  const capOf = (method: string, path: string): ConcurrencyCap | undefined =>
    caps.find(({ methods, route }) => methods.includes(method) && route.test(path))?.cap;
  return {
    enter: (method, path) => {
      const cap = capOf(method, path);
      return cap === undefined ? () => undefined : cap.enter();
    },
  };
}
