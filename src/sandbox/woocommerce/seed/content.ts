import { addAttachment } from '../resources/images.ts';
import { createArticle, trashArticle } from '../resources/wordpress/article-write.ts';
import { productPermalink } from '../resources/product-wire.ts';
import { articleLink, type ArticleKind } from '../resources/wordpress/article-wire.ts';
import { termLink } from '../resources/wordpress/terms.ts';
import type { Params } from '../rest/params.ts';
import type { ArticleRow } from '../store/content-rows.ts';
import type { ReviewRow } from '../store/people-rows.ts';
import { nextId } from '../store/shop.ts';
import type { StoreBench } from './store-bench.ts';
import { day } from './store-bench.ts';
import { putTerm } from './terms.ts';
import { descriptions } from './words.ts';

const uglyPosts: Params[] = [
  { title: 'News & offers', content: '<p>Hi &amp; welcome</p>', excerpt: 'In short', sticky: true },
  { title: 'A draft', status: 'draft', content: 'Not ready' },
  {
    title: 'Blocks',
    content: '<!-- wp:paragraph -->\n<p>In a block</p>\n<!-- /wp:paragraph -->\n\n[gallery ids="11,12"]',
  },
  { title: 'أخبار', content: '<p dir="rtl">مرحبا</p>', featured_media: 999_999 },
  { title: 'In the trash', status: 'trash', content: 'Old' },
  { title: 'Same title', content: 'One' },
  { title: 'Same title', content: 'Two' },
  { title: 'Only for us', status: 'private', content: 'Hush' },
  { title: 'Behind a password', password: 'open-sesame', content: 'Secret' },
  { title: 'Party 🎉 <em>now</em>', status: 'pending', content: '[gone id="1"]' },
  { title: '', content: 'Without a title' },
  { title: 'To come', content: 'Soon', date_gmt: '2099-01-01T00:00:00' },
];

const uglyPages: Params[] = [
  { title: 'About us', content: '<p>Us</p>' },
  { title: 'Team', content: '<p>Who</p>' },
  { title: 'Terms &amp; conditions', content: descriptions[1] ?? '' },
  { title: 'A page in draft', status: 'draft' },
  { title: 'Contact', content: '[contact-form id="7"]' },
  { title: 'Gone page', status: 'trash' },
  { title: 'Loop one' },
  { title: 'Loop two' },
];

function putArticle(bench: StoreBench, kind: ArticleKind, body: Params): ArticleRow {
  const { shop, random } = bench;
  const { status = 'publish', ...rest } = body;
  const trash = status === 'trash';
  const row = createArticle(shop, kind, { ...rest, status: trash ? 'publish' : status });
  const future = row.status === 'future';
  const created = future ? row.createdGmt : bench.baseMs - random.int(2, 900) * day;
  const modified = future ? bench.baseMs - day : created + random.int(0, 1) * day;
  if (trash) trashArticle(shop, row);
  Object.assign(row, { createdGmt: created, createdLocal: shop.zone.local(created), visibleSinceMs: 0 });
  Object.assign(row, { modifiedGmt: modified, modifiedLocal: shop.zone.local(modified) });
  return row;
}

export function seedArticles(bench: StoreBench, count: { posts: number; pages: number }): void {
  const { shop, random } = bench;
  if (count.posts > 0) {
    for (const name of ['Company news', 'Recipes & how-to', 'Ideas']) putTerm(shop, 'category', { name });
    for (const name of ['tips', '🌞 summer']) putTerm(shop, 'post_tag', { name });
  }
  const ids = (taxonomy: string): number[] =>
    [...shop.terms.values()].filter((row) => row.taxonomy === taxonomy).map((row) => row.id);
  const [categories, tags] = [ids('category'), ids('post_tag')];
  for (let at = 0; at < count.posts; at += 1) {
    const plain = { title: `Post no. ${at + 1}`, content: random.pick(descriptions), excerpt: '' };
    const filed = { categories: [random.pick(categories)], tags: random.chance(0.5) ? [random.pick(tags)] : [] };
    putArticle(bench, 'posts', { ...filed, ...(uglyPosts[at] ?? plain) });
  }
  for (let at = 0; at < count.pages; at += 1) {
    putArticle(bench, 'pages', uglyPages[at] ?? { title: `Page no. ${at + 1}`, content: random.pick(descriptions) });
  }
  linkPages(shop.pages);
}

/** A page below another, and two that lie below each other, which no editor lets you make. */
function linkPages(pages: ReadonlyMap<number, ArticleRow>): void {
  const named = (title: string): ArticleRow | undefined => [...pages.values()].find((row) => row.title === title);
  const [about, team] = [named('About us'), named('Team')];
  if (about && team) team.parentId = about.id;
  const [first, second] = [named('Loop one'), named('Loop two')];
  if (!first || !second) return;
  first.parentId = second.id;
  second.parentId = first.id;
}

const to = (href: string): string => `<p><a href="${href}">See there</a></p>`;

/** Texts that lead to pages of the same shop, as editors write them: with the host, from the root, to what is not there. */
export function seedLinks({ shop }: StoreBench): void {
  if (shop.baseUrl === '') return;
  const [post, other] = [...shop.posts.values()].filter(({ status }) => status === 'publish');
  const page = [...shop.pages.values()].find(({ status }) => status === 'publish');
  const goods = [...shop.products.values()].filter((row) => row.status === 'publish' && row.type === 'simple');
  const [first, second] = goods;
  if (!post || !other || !page || !first || !second) return;
  const category = [...shop.terms.values()].find(({ taxonomy, name }) => taxonomy === 'product_cat' && name !== '');
  const pageLink = articleLink(shop, 'pages', page);
  post.content += to(`${productPermalink(shop, first)}?ref=news#top`) + to('/no-such-page/') + to(pageLink);
  page.content += to(articleLink(shop, 'posts', other)) + (category ? to(termLink(shop, category)) : '');
  first.description += to(pageLink) + to(new URL(productPermalink(shop, second)).pathname);
  second.description += to(productPermalink(shop, first)) + to('https://elsewhere.example.test/product/1/');
}

const software: readonly [title: string, group: string, setting: string, content: string][] = [
  ['Shop', 'products', 'shop', ''],
  ['Cart', 'advanced', 'cart', '[woocommerce_cart]'],
  ['Checkout', 'advanced', 'checkout', '[woocommerce_checkout]'],
  ['My account', 'advanced', 'myaccount', '[woocommerce_my_account]'],
];
export const SHOP_PAGES = software.length;

/** The pages of the shop's own software, and the settings that say which they are. */
export function seedShopPages(bench: StoreBench): void {
  const { shop } = bench;
  for (const [title, group, name, content] of software) {
    const { id } = putArticle(bench, 'pages', { title, content });
    shop.settings[group] = { ...shop.settings[group], [`woocommerce_${name}_page_id`]: String(id) };
  }
}

const uglyReviews: Partial<ReviewRow>[] = [
  { review: '<p>Good <b>value</b></p>', rating: 5, verified: true },
  { review: 'Waiting', status: 'hold', rating: 4 },
  { review: 'No stars at all', rating: 0 },
  { review: 'Buy pills', status: 'spam', email: '' },
  { review: 'رائع 👍', reviewer: 'سامي' },
  { review: 'Was rude', status: 'trash', rating: 1 },
  { review: 'Of a product that is gone', productId: 999_999 },
  { review: 'Good', reviewer: 'O&#039;Brien' },
  { review: 'Good', reviewer: 'O&#039;Brien' },
  { review: `Long ${'and longer '.repeat(400)}`, rating: 3 },
  { review: '', rating: 2 },
  { review: 'No address', email: '', reviewer: 'Anonymous' },
];

/** Reviews of the past: ratings follow, stamps of products do not. */
export function seedReviews(bench: StoreBench, count: number): void {
  const { shop, random } = bench;
  const products = [...shop.products.values()].filter((row) => row.status === 'publish').map((row) => row.id);
  const rated = new Map<number, number[]>();
  for (let at = 0; at < count; at += 1) {
    const created = bench.baseMs - random.int(1, 500) * day - random.int(0, 86_399) * 1_000;
    const row: ReviewRow = {
      id: nextId(shop, 'comment'),
      createdGmt: created,
      createdLocal: shop.zone.local(created),
      visibleSinceMs: 0,
      productId: products.length > 0 ? random.pick(products) : 0,
      status: 'approved',
      reviewer: `Reader ${at + 1}`,
      email: `reader${at + 1}@example.test`,
      review: 'As expected.',
      rating: random.int(1, 5),
      verified: random.chance(0.5),
      ...uglyReviews[at],
    };
    shop.reviews.set(row.id, row);
    if (row.status !== 'approved' || row.rating === 0) continue;
    rated.set(row.productId, [...(rated.get(row.productId) ?? []), row.rating]);
  }
  // Not by `rate`, which looks through all reviews for each product.
  for (const [id, ratings] of rated) {
    const product = shop.products.get(id);
    if (!product) continue;
    product.ratingCount = ratings.length;
    product.averageRating = (ratings.reduce((sum, one) => sum + one, 0) / ratings.length).toFixed(2);
  }
}

/** Two pictures that send a client from one to the other for ever, on one product. */
export function seedRedirectLoop(bench: StoreBench): void {
  const stamps = { createdGmt: bench.baseMs, modifiedGmt: bench.baseMs };
  const [there, back] = ['2024/03/there.png', '2024/03/back.png'];
  const first = addAttachment(bench.shop, { ...stamps, file: there, redirectTo: back });
  const second = addAttachment(bench.shop, { ...stamps, file: back, redirectTo: there });
  const product = [...bench.shop.products.values()].find((row) => row.type === 'simple' && row.imageIds.length > 0);
  product?.imageIds.push(first.id, second.id);
}
