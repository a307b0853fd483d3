import type { SandboxControls } from '../../shared/controls.ts';
import type { Shop } from '../store/shop.ts';
import type { Params, ParamSpecs } from './params.ts';

export type View = 'view' | 'edit';

/** What a handler gets: the shop, the checked parameters (query and body together), the path's ids. */
export interface Call {
  shop: Shop;
  controls: SandboxControls;
  params: Params;
  ids: Record<string, number>;
  /** Text parts of the path that are not ids. */
  names: Record<string, string>;
  context: View;
  /** Nobody has signed in: only `open` resources get here, and show what is public. */
  anonymous: boolean;
}

/**
 * A collection with the five usual operations. To add one (customers, orders, coupons …): write this object and put it
 * in the route table of `routes.ts`. Every answer is the wire representation, `_links` included.
 */
export interface Resource {
  /** Below `/wp-json`, for example `/wc/v3/products` or `/wc/v3/products/:product_id/variations`. */
  path: string;
  listParams: ParamSpecs;
  writeParams: ParamSpecs;
  /** Rows in the order asked for, before paging; `render` is called for one page only. */
  list: (call: Call) => unknown[];
  /** Open to callers without credentials (reads only). */
  open?: boolean;
  /** A page beyond the end is refused instead of empty. */
  strictPages?: boolean;
  /** `_fields` trims without reordering. */
  ownFieldOrder?: boolean;
  /** False for the few lists that come whole (global attributes). */
  paged?: boolean;
  render: (call: Call, row: never) => unknown;
  read?: (call: Call, id: number) => unknown;
  create?: (call: Call, body: Params) => unknown;
  update?: (call: Call, id: number, body: Params) => unknown;
  remove?: (call: Call, id: number, force: boolean) => unknown;
  batch?: boolean;
}

/** A route that is not a collection. */
export interface SingleRoute {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  path: string;
  /** Open to callers without credentials. */
  open?: boolean;
  params?: ParamSpecs;
  allow: string;
  handle: (call: Call) => unknown;
}
