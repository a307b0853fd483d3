import { z } from 'zod';
import type { StorePage } from '../../../domain/redirect.ts';
import { StoreFailure } from '../../http/failures.ts';
import { id, text } from '../wire/fields.ts';
import type { WooApi } from '../woo-api.ts';
import type { WireArticle } from './article-schema.ts';

const settingsSchema = z.array(z.looseObject({ id: text, value: z.unknown() }));
const SHOP_PAGE = /^woocommerce_(shop|cart|checkout|myaccount)_page_id$/;
/** Below the account page; those below the checkout name an order. */
const ACCOUNT_ENDPOINT = /^woocommerce_(?:myaccount_\w+|logout)_endpoint$/;
const frontSchema = z.looseObject({ page_on_front: id.catch(''), page_for_posts: id.catch('') });
/** What makes a page one of the shop's own, whatever the settings say. */
const SHOP_CONTENT =
  /\[woocommerce_(cart|checkout|my_account|order_tracking)\b|<!-- wp:woocommerce\/(cart|checkout|customer-account)\b/;

const PAGES: Readonly<Record<string, StorePage>> = {
  shop: { page: 'front' },
  cart: { page: 'cart' },
  checkout: { page: 'checkout' },
  myaccount: { page: 'account' },
};

/** Pages that are the shop's software (fidelity §10): asked for once, told from their text where that fails. */
export function createSystemPages(api: WooApi) {
  let known: Promise<SystemPages> | null = null;
  return {
    async of(signal: AbortSignal): Promise<(page: WireArticle) => boolean> {
      known ??= readSystemPages(api, signal).catch((error: unknown) => {
        known = null;
        throw error;
      });
      const { pages } = await known;
      return (page) => pages.has(page.id) || SHOP_CONTENT.test(page.content.raw ?? '');
    },
  };
}

export interface SystemPages {
  /** Page id → what it is. */
  readonly pages: ReadonlyMap<string, StorePage>;
  /** Last segments of addresses below the account page. */
  readonly accountEndpoints: readonly string[];
}

export async function readSystemPages(api: WooApi, signal: AbortSignal): Promise<SystemPages> {
  const index = frontSchema.safeParse((await api.index(signal)).data);
  const front: readonly [string, StorePage][] = index.success
    ? [
        [index.data.page_on_front, { page: 'front' }],
        [index.data.page_for_posts, { page: 'blog' }],
      ]
    : [];
  const settings = [...(await settingsOf(api, 'products', signal)), ...(await settingsOf(api, 'advanced', signal))];
  const set = settings.flatMap(({ id: name, value }): [string, StorePage][] => {
    const page = PAGES[SHOP_PAGE.exec(name)?.[1] ?? ''];
    return page === undefined ? [] : [[id.catch('').parse(value), page]];
  });
  return {
    pages: new Map([...front, ...set].filter(([pageId]) => pageId !== '')),
    accountEndpoints: settings
      .filter(({ id: name }) => ACCOUNT_ENDPOINT.test(name))
      .map(({ value }) => text.catch('').parse(value))
      .filter((endpoint) => endpoint !== ''),
  };
}

async function settingsOf(api: WooApi, group: string, signal: AbortSignal) {
  try {
    const query = { _fields: ['id', 'value'] };
    const { data } = await api.get({ path: `/settings/${group}`, route: `settings/${group}`, query, signal });
    const parsed = settingsSchema.safeParse(data);
    return parsed.success ? parsed.data : [];
  } catch (error) {
    // No such group, or none for this key.
    if (error instanceof StoreFailure && (error.status === 404 || error.kind === 'permission-missing')) return [];
    throw error;
  }
}
