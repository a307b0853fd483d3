import { z } from 'zod';
import { StoreFailure } from '../../http/failures.ts';
import { id, text } from '../wire/fields.ts';
import type { WooApi } from '../woo-api.ts';
import type { WireArticle } from './article-schema.ts';

const settingsSchema = z.array(z.looseObject({ id: text, value: z.unknown() }));
const SHOP_PAGE = /^woocommerce_(shop|cart|checkout|myaccount)_page_id$/;
const frontSchema = z.looseObject({ page_on_front: id.catch(''), page_for_posts: id.catch('') });
/** What makes a page one of the shop's own, whatever the settings say. */
const SHOP_CONTENT =
  /\[woocommerce_(cart|checkout|my_account|order_tracking)\b|<!-- wp:woocommerce\/(cart|checkout|customer-account)\b/;

/** Pages that are the shop's software (fidelity §10): asked for once, told from their text where that fails. */
export function createSystemPages(api: WooApi) {
  let known: Promise<ReadonlySet<string>> | null = null;
  return {
    async of(signal: AbortSignal): Promise<(page: WireArticle) => boolean> {
      known ??= read(api, signal).catch((error: unknown) => {
        known = null;
        throw error;
      });
      const ids = await known;
      return (page) => ids.has(page.id) || SHOP_CONTENT.test(page.content.raw ?? '');
    },
  };
}

async function read(api: WooApi, signal: AbortSignal): Promise<ReadonlySet<string>> {
  const index = frontSchema.safeParse((await api.index(signal)).data);
  const front = index.success ? [index.data.page_on_front, index.data.page_for_posts] : [];
  const set = [...(await pageSettings(api, 'products', signal)), ...(await pageSettings(api, 'advanced', signal))];
  return new Set([...front, ...set].filter((one) => one !== ''));
}

async function pageSettings(api: WooApi, group: string, signal: AbortSignal): Promise<readonly string[]> {
  try {
    const query = { _fields: ['id', 'value'] };
    const { data } = await api.get({ path: `/settings/${group}`, route: `settings/${group}`, query, signal });
    const parsed = settingsSchema.safeParse(data);
    const rows = parsed.success ? parsed.data : [];
    return rows.filter((row) => SHOP_PAGE.test(row.id)).map(({ value }) => id.catch('').parse(value));
  } catch (error) {
    if (error instanceof StoreFailure && (error.kind === 'missing' || error.kind === 'permission-missing')) return [];
    throw error;
  }
}
