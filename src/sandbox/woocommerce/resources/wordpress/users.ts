import { RestError } from '../../rest/errors.ts';
import { pagingParams } from '../../rest/paging.ts';
import { ids, text, texts } from '../../rest/params.ts';
import type { Call, Resource, SingleRoute, View } from '../../rest/resource.ts';
import type { CustomerRow } from '../../store/people-rows.ts';
import type { Shop } from '../../store/shop.ts';
import { slugOf } from '../../store/text.ts';
import { idFilter } from '../post-query.ts';
import { avatarUrls } from '../people/avatars.ts';
import { displayName } from '../people/customers.ts';
import { compareText } from '../product-wire.ts';

const path = '/wp/v2/users';

/** Page of what somebody published. */
export function userLink(shop: Shop, row: CustomerRow): string {
  return `${shop.baseUrl}/author/${slugOf(row.username)}/`;
}

function userWire(shop: Shop, row: CustomerRow, view: View): Record<string, unknown> {
  const slug = slugOf(row.username);
  const collection = `${shop.baseUrl}/wp-json${path}`;
  const edit = view === 'edit';
  return {
    id: row.id,
    ...(edit ? { username: row.username } : {}),
    name: displayName(row),
    ...(edit
      ? {
          first_name: row.firstName,
          last_name: row.lastName,
          email: row.email,
        }
      : {}),
    url: '',
    description: '',
    link: userLink(shop, row),
    slug,
    ...(edit
      ? {
          roles: [row.role],
          registered_date: `${new Date(row.createdGmt).toISOString().slice(0, 19)}+00:00`,
        }
      : {}),
    avatar_urls: avatarUrls(row.email),
    meta: [],
    _links: {
      self: [{ href: `${collection}/${row.id}` }],
      collection: [{ href: collection }],
    },
  };
}

/** Who has not signed in sees those who have published something. */
function visible(call: Call): (row: CustomerRow) => boolean {
  if (!call.anonymous) return () => true;
  const authors = new Set<number>();
  for (const post of call.shop.posts.values()) if (post.status === 'publish') authors.add(post.author);
  return (row) => authors.has(row.id);
}

function refuseEdit(call: Call): void {
  if (!call.anonymous || call.context !== 'edit') return;
  throw new RestError('rest_forbidden_context', 'Sorry, you are not allowed to edit users.', 401);
}

/** WordPress users, for the names behind `author`. Read only: customers are written over `wc/v3`. */
export const users: Resource = {
  path,
  open: true,
  strictPages: true,
  ownFieldOrder: true,
  listParams: {
    ...pagingParams,
    order: { type: 'string', default: 'asc', enum: ['asc', 'desc'] },
    orderby: { type: 'string', default: 'name', enum: ['id', 'include', 'name', 'registered_date', 'slug', 'email'] },
    slug: { type: 'textList' },
    roles: { type: 'textList' },
  },
  writeParams: {},
  list: (call) => {
    const { shop, params, controls } = call;
    refuseEdit(call);
    const [byId, seen] = [idFilter(params), visible(call)];
    const [slugs, roles, include] = [texts(params, 'slug'), texts(params, 'roles'), ids(params, 'include')];
    const direction = text(params, 'order') === 'desc' ? -1 : 1;
    const orders: Record<string, (a: CustomerRow, b: CustomerRow) => number> = {
      id: (a, b) => a.id - b.id,
      include: (a, b) => include.indexOf(a.id) - include.indexOf(b.id),
      name: (a, b) => compareText(displayName(a), displayName(b)),
      registered_date: (a, b) => a.createdGmt - b.createdGmt,
      slug: (a, b) => compareText(a.username, b.username),
      email: (a, b) => compareText(a.email, b.email),
    };
    const compare = orders[text(params, 'orderby') ?? 'name'] ?? orders['name']!;
    return [...shop.customers.values()]
      .filter((row) => controls.shows(row) && byId(row) && seen(row))
      .filter((row) => slugs.length === 0 || slugs.includes(slugOf(row.username)))
      .filter((row) => roles.length === 0 || roles.includes(row.role))
      .sort((a, b) => direction * compare(a, b) || a.id - b.id);
  },
  render: ({ shop, context }, row: CustomerRow) => userWire(shop, row, context),
  read: (call, id) => {
    refuseEdit(call);
    const row = call.shop.customers.get(id);
    if (!row || !visible(call)(row)) throw new RestError('rest_user_invalid_id', 'Invalid user ID.', 404);
    return userWire(call.shop, row, call.context);
  },
};

export const userRoutes: SingleRoute[] = [
  {
    method: 'GET',
    path: `${path}/me`,
    open: true,
    allow: 'GET, POST, PUT, PATCH, DELETE',
    handle: (call) => {
      if (call.anonymous) throw new RestError('rest_not_logged_in', 'You are not currently logged in.', 401);
      return userWire(call.shop, call.shop.customers.get(1)!, call.context);
    },
  },
];
