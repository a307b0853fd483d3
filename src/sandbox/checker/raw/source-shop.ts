import type { Row } from './row.ts';
import { groupBy, idOf, isRow, rowOf, rowsOf, textOf, textsOf } from './row.ts';

/** A WooCommerce raw state, indexed by what the rules ask for. */
export interface SourceShop {
  /** Without a slash at its end; `''` where the state does not say. */
  readonly baseUrl: string;
  readonly categories: Row[];
  readonly brands: Row[];
  /** Products that are carried: everything but trash and auto-drafts (fidelity §4 `status`). By ascending id. */
  readonly products: Row[];
  readonly trashedIds: ReadonlySet<number>;
  /** Accounts with every role, by ascending id. */
  readonly customers: Row[];
  /** By ascending id. */
  readonly coupons: Row[];
  /** Of every status, by ascending id. */
  readonly orders: Row[];
  readonly refunds: Row[];
  readonly orderNotes: Row[];
  /** Of every status, by ascending id. */
  readonly reviews: Row[];
  readonly posts: Row[];
  readonly pages: Row[];
  readonly media: Row[];
  readonly postCategories: Row[];
  readonly postTags: Row[];
  /** With their public page, whoever published something or not. */
  readonly authors: Row[];
  /** Tags of products. */
  readonly tags: Row[];
  /** With their `terms`. */
  readonly attributes: Row[];
  /** Last segments of the pages below the account's. */
  readonly accountEndpoints: string[];
  /** A page that is the shop's software (fidelity §10). */
  isSystemPage(page: Row): boolean;
  readonly currency: string;
  readonly taxClasses: Row[];
  product(id: number): Row | undefined;
  /** Carried variations in the source's order of precedence: `menu_order`, then id (fidelity §4.2). */
  variationsOf(productId: number): Row[];
  /** Name of a global attribute's term by its slug (fidelity §1 T5). */
  termName(attributeId: number, slug: string): string | undefined;
  /** Value of a setting by its id, whatever group it is in. */
  setting(id: string): string;
  isMissingImage(id: number): boolean;
}

const SYSTEM_PAGES = ['shop', 'cart', 'checkout', 'myaccount'];
const ACCOUNT_PAGE = /^woocommerce_(myaccount_\w+|logout)_endpoint$/;
const NOT_CARRIED = new Set(['trash', 'auto-draft']);

export function sourceShop(state: unknown): SourceShop {
  const raw = rowOf(state);
  const all = byId(rowsOf(raw['products']));
  const products = all.filter((row) => !NOT_CARRIED.has(textOf(row['status'])));
  const productsById = new Map(products.map((row) => [idOf(row['id']), row]));
  const variations = groupBy(
    rowsOf(raw['variations']).filter((row) => !NOT_CARRIED.has(textOf(row['status']))),
    (row) => idOf(row['parent_id']),
  );
  for (const group of variations.values()) group.sort(inPrecedence);
  const settings = settingsOf(raw['settings']);
  const terms = termNames(rowsOf(raw['attributes']));
  // Whoever follows addresses that lead to each other never sees a picture.
  const missing = new Set([...textsOf(raw['missingImages']), ...textsOf(raw['loopingImages'])]);
  return {
    baseUrl: textOf(raw['baseUrl']).replace(/\/+$/, ''),
    categories: byId(rowsOf(raw['categories'])),
    brands: byId(rowsOf(raw['brands'])),
    products,
    customers: byId(rowsOf(raw['customers'])),
    coupons: byId(rowsOf(raw['coupons'])),
    orders: byId(rowsOf(raw['orders'])),
    refunds: rowsOf(raw['refunds']),
    orderNotes: rowsOf(raw['orderNotes']),
    reviews: byId(rowsOf(raw['reviews'])),
    posts: byId(rowsOf(raw['posts'])),
    pages: byId(rowsOf(raw['pages'])),
    media: rowsOf(raw['media']),
    postCategories: rowsOf(raw['postCategories']),
    postTags: rowsOf(raw['postTags']),
    authors: rowsOf(raw['authors']),
    tags: rowsOf(raw['tags']),
    attributes: rowsOf(raw['attributes']),
    accountEndpoints: [...settings].filter(([id]) => ACCOUNT_PAGE.test(id)).map(([, end]) => end),
    isSystemPage: (page) =>
      SYSTEM_PAGES.some((id) => settings.get(`woocommerce_${id}_page_id`) === String(idOf(page['id']))) ||
      /\[woocommerce_(cart|checkout|my_account)\b/.test(textOf(rowOf(page['content'])['raw'])),
    trashedIds: new Set(all.filter((row) => !products.includes(row)).map((row) => idOf(row['id']))),
    currency: settings.get('woocommerce_currency') ?? '',
    taxClasses: rowsOf(raw['taxClasses']),
    product: (id) => productsById.get(id),
    variationsOf: (id) => variations.get(id) ?? [],
    termName: (attributeId, slug) => terms.get(`${attributeId} ${slug}`),
    setting: (id) => settings.get(id) ?? '',
    isMissingImage: (id) => missing.has(String(id)),
  };
}

function byId(rows: readonly Row[]): Row[] {
  return [...rows].sort((a, b) => idOf(a['id']) - idOf(b['id']));
}

function inPrecedence(a: Row, b: Row): number {
  return idOf(a['menu_order']) - idOf(b['menu_order']) || idOf(a['id']) - idOf(b['id']);
}

/** Settings come as `{group: {id: value}}`, as `{group: [{id, value}]}`, or flat. */
function settingsOf(given: unknown): Map<string, string> {
  const settings = new Map<string, string>();
  for (const [name, value] of Object.entries(rowOf(given))) {
    if (Array.isArray(value)) for (const row of rowsOf(value)) settings.set(textOf(row['id']), textOf(row['value']));
    else if (isRow(value)) for (const [id, inner] of Object.entries(value)) settings.set(id, textOf(inner));
    else settings.set(name, textOf(value));
  }
  return settings;
}

function termNames(attributes: readonly Row[]): Map<string, string> {
  const names = new Map<string, string>();
  for (const attribute of attributes) {
    for (const term of rowsOf(attribute['terms'])) {
      names.set(`${idOf(attribute['id'])} ${textOf(term['slug'])}`, textOf(term['name']));
    }
  }
  return names;
}
