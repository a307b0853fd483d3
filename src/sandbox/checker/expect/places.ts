import type { Row } from '../raw/row.ts';
import { idOf, rowOf, rowsOf, textOf } from '../raw/row.ts';
import type { SourceShop } from '../raw/source-shop.ts';
import { decodedName } from '../rules/normalise.ts';
import { publicPath } from '../rules/paths.ts';

/** Addresses of the source that are nobody's record, each with the address that stands for it at the target (fidelity §12). */
export function expectedPlaces(shop: SourceShop): ReadonlyMap<string, string> {
  const places = new Map<string, string>();
  const put = (link: string, url: string): void => {
    const path = publicPath(link);
    if (path !== null && path !== '/') places.set(path, url);
  };
  const at = (path: string): string => `${shop.baseUrl}${path}`;
  if (published(shop).length > 0) for (const path of ['/feed/', '/comments/feed/']) put(at(path), '/blog/');
  for (const [page, url] of systemPages(shop)) {
    put(textOf(page['link']), url);
    if (url === '/account.php') for (const end of shop.accountEndpoints) put(`${textOf(page['link'])}${end}/`, url);
  }
  for (const tag of shop.tags) put(textOf(tag['permalink']), search(tag));
  for (const attribute of shop.attributes.filter((row) => row['has_archives'] === true)) {
    const base = textOf(attribute['slug']).replace(/^pa_/, '');
    for (const term of rowsOf(attribute['terms'])) put(at(`/${base}/${textOf(term['slug'])}/`), search(term));
  }
  for (const term of [...shop.postCategories, ...shop.postTags]) put(textOf(term['link']), '/blog/');
  for (const path of archives(shop)) put(at(path), '/blog/');
  const writers = new Set(published(shop).map((row) => idOf(row['author'])));
  for (const one of shop.authors) if (writers.has(idOf(one['id']))) put(textOf(one['link']), '/blog/');
  return places;
}

const SYSTEM_URLS = { shop: '/', cart: '/cart.php', checkout: '/checkout', myaccount: '/account.php' };

function systemPages(shop: SourceShop): [Row, string][] {
  return Object.entries(SYSTEM_URLS).flatMap(([name, url]): [Row, string][] => {
    const id = Number(shop.setting(`woocommerce_${name}_page_id`));
    const page = shop.pages.find((row) => idOf(row['id']) === id);
    return page ? [[page, url]] : [];
  });
}

function search(row: Row): string {
  return `/search.php?search_query=${decodedName(textOf(row['name']))}`;
}

function published(shop: SourceShop): Row[] {
  return shop.posts.filter((row) => textOf(row['status']) === 'publish');
}

function archives(shop: SourceShop): string[] {
  return published(shop).flatMap((row) => {
    const [year, month, day] = textOf(row['date']).slice(0, 10).split('-');
    return [`/${year}/`, `/${year}/${month}/`, `/${year}/${month}/${day}/`];
  });
}

/** As a browser would read it: words of a search may be written in more than one way. */
export function readableUrl(to: unknown): string {
  const url = textOf(rowOf(to)['url']);
  const [path = '', query] = url.split('?');
  if (query === undefined) return path;
  return `${path}?search_query=${new URLSearchParams(query).get('search_query') ?? ''}`;
}
