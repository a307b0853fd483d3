import { checkRecords } from './check-records.ts';
import type { Context } from './expect/context.ts';
import type { Around } from './expect/content/article.ts';
import { expectedPage, expectedPost, isCarriedArticle, titleOf } from './expect/content/article.ts';
import { expectedReview, isCarriedReview, reviewKey } from './expect/content/review.ts';
import type { Pairing } from './pairing.ts';
import type { Row } from './raw/row.ts';
import { idOf, textOf } from './raw/row.ts';
import type { SourceShop } from './raw/source-shop.ts';
import type { TargetRecord, TargetStore } from './raw/target-store.ts';
import type { CheckedEntity, ReportBuilder } from './report.ts';
import { decoded, foldedKey, plain } from './rules/normalise.ts';
import { pathForm, publicPath } from './rules/paths.ts';

interface ContentCheck {
  shop: SourceShop;
  store: TargetStore;
  context: Context;
  missing: (entity: CheckedEntity, sourceId: number) => boolean;
}

/** Reviews of products that are carried (fidelity §10). */
export function checkReviews(report: ReportBuilder, { shop, store, context, missing }: ContentCheck): void {
  const productOf = (row: Row): number => context.targetId('product', idOf(row['product_id'])) ?? 0;
  checkRecords({
    report,
    entity: 'review',
    rows: shop.reviews.filter((row) => isCarriedReview(row) && productOf(row) > 0),
    records: store.reviews,
    keysOf: (row) => [reviewKey(productOf(row), textOf(row['date_created_gmt']), textOf(row['reviewer_email']))],
    targetKeysOf: ({ row }) => [reviewKey(idOf(row['product_id']), textOf(row['date_reviewed']), textOf(row['email']))],
    expect: (row) => expectedReview(row, productOf(row)),
    isExpectedMissing: (id) => missing('review', id),
  });
}

/** Posts by day and title, pages by name, both by address too: neither carries a marker (fidelity §10). */
export function checkArticles(report: ReportBuilder, check: ContentCheck): Record<'blog_post' | 'page', Pairing> {
  const { shop, store, context, missing } = check;
  const around = surroundings(shop);
  const posts = checkRecords({
    report,
    entity: 'blog_post',
    rows: shop.posts.filter(isCarriedArticle),
    records: store.blogPosts,
    keysOf: (row) => [...addressKey(row), postKey(textOf(row['date_gmt']), titleOf(row))],
    targetKeysOf: ({ row }) => [
      `path ${pathForm(textOf(row['url']))}`,
      postKey(textOf(row['published_date']), textOf(row['title'])),
    ],
    expect: (row) => expectedPost(row, around, context),
    isExpectedMissing: (id) => missing('blog_post', id),
  });
  const rows = shop.pages.filter((row) => isCarriedArticle(row) && !shop.isSystemPage(row));
  const parents = new Map<number, number>();
  const pairsByKey = pagePairs(rows, store.pages);
  for (const [id, target] of pairsByKey) parents.set(id, target.id);
  const pages = checkRecords({
    report,
    entity: 'page',
    rows,
    records: store.pages,
    keysOf: pageKeys,
    targetKeysOf: targetPageKeys,
    expect: (row) => expectedPage(row, parentAtTarget(row, rows, parents), context),
    isExpectedMissing: (id) => missing('page', id),
  });
  return { blog_post: posts, page: pages };
}

function postKey(day: string, title: string): string {
  return `post ${day.slice(0, 19)} ${foldedKey(title)}`;
}

function addressKey(row: Row): string[] {
  const path = publicPath(textOf(row['link']));
  return path === null ? [] : [`path ${path}`];
}

/** An address is a page's own; names may be told apart by ` (#id)`. */
function pageKeys(row: Row): string[] {
  const name = foldedKey(titleOf(row)).slice(0, 80);
  return [...addressKey(row), `name ${name}`, `name ${name} (#${idOf(row['id'])})`];
}

function targetPageKeys({ row }: TargetRecord): string[] {
  const name = foldedKey(textOf(row['name']));
  return [`path ${pathForm(textOf(row['url']))}`, `name ${name}`, `name ${name.slice(0, 80)}`];
}

function pagePairs(rows: readonly Row[], records: readonly TargetRecord[]): Map<number, TargetRecord> {
  const pairs = new Map<number, TargetRecord>();
  for (const row of rows) {
    const keys = pageKeys(row);
    const target = records.find((record) => targetPageKeys(record).some((key) => keys.includes(key)));
    if (target) pairs.set(idOf(row['id']), target);
  }
  return pairs;
}

/** 0 for a parent that is not carried, and for one of those that lie below each other, which is cut (design P9). */
function parentAtTarget(row: Row, rows: readonly Row[], targets: ReadonlyMap<number, number>): number {
  const byId = new Map(rows.map((one) => [idOf(one['id']), one]));
  const seen = new Set([idOf(row['id'])]);
  for (let at = idOf(row['parent']); at !== 0; at = idOf(byId.get(at)?.['parent'])) {
    if (seen.has(at)) return at === idOf(row['id']) ? 0 : (targets.get(idOf(row['parent'])) ?? 0);
    seen.add(at);
  }
  return targets.get(idOf(row['parent'])) ?? 0;
}

function namesById(rows: readonly Row[]): Map<number, string> {
  return new Map(rows.map((row) => [idOf(row['id']), textOf(row['name'])]));
}

function surroundings(shop: SourceShop): Around {
  return {
    categories: namesById(shop.postCategories),
    tags: namesById(shop.postTags),
    media: new Map(shop.media.map((row) => [idOf(row['id']), row])),
    authors: new Map(shop.customers.map((row) => [idOf(row['id']), shownNames(row)])),
  };
}

/** WordPress shows an author's whole name, or what he logs in with. */
function shownNames(row: Row): string[] {
  const [first, last] = [decoded(textOf(row['first_name'])), decoded(textOf(row['last_name']))];
  return [plain(`${first} ${last}`), first, textOf(row['username'])].filter((name) => name !== '');
}
