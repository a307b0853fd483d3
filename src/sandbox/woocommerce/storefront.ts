import type { FastifyInstance, FastifyReply } from 'fastify';
import { productPermalink } from './resources/product-wire.ts';
import { articleLink } from './resources/wordpress/article-wire.ts';
import { noRoute } from './rest/errors.ts';
import type { PostRow } from './store/rows.ts';
import type { Shop } from './store/shop.ts';

/**
 * The addresses that people visit, as far as a migration looks at them: a page that is there answers 200, an old slug
 * of a product, post or page 301 to where it is now (source-apis §1.6), anything else 404.
 */
export function addStorefront(app: FastifyInstance, shop: Shop): void {
  app.get('/*', async (request, reply) => {
    const [address = ''] = request.url.split('?', 1);
    if (/^\/(?:wp-json|__admin)(?:\/|$)/.test(address)) throw noRoute();
    // Slugs are kept percent-encoded in lower case; clients encode in upper case.
    const path = decoded(address.replace(/\/*$/, '/'));
    const slug = path.split('/').at(-2) ?? '';
    const here = pages(shop).find(({ row, link }) => decoded(row.slug) === slug && pathOf(link) === path);
    if (here) return html(reply, 200, here.title);
    const moved = pages(shop).find(({ row }) => row.oldSlugs?.some((old) => decoded(old) === slug));
    if (moved) return reply.redirect(moved.link, 301);
    return html(reply, 404, 'Page not found');
  });
}

interface Page {
  row: PostRow;
  link: string;
  title: string;
}

function open(row: PostRow): boolean {
  return row.status === 'publish' && row.slug !== '';
}

function pages(shop: Shop): Page[] {
  const products = [...shop.products.values()].filter(open);
  const [posts, tree] = [[...shop.posts.values()].filter(open), [...shop.pages.values()].filter(open)];
  return [
    ...products.map((row) => ({ row, link: productPermalink(shop, row), title: row.name })),
    ...posts.map((row) => ({ row, link: articleLink(shop, 'posts', row), title: row.title })),
    ...tree.map((row) => ({ row, link: articleLink(shop, 'pages', row), title: row.title })),
  ];
}

function pathOf(link: string): string {
  return decoded(new URL(link).pathname);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function html(reply: FastifyReply, status: number, title: string): FastifyReply {
  return reply.code(status).type('text/html; charset=UTF-8').send(`<!DOCTYPE html><title>${title}</title>`);
}
