import type { Row } from '../../raw/row.ts';
import { idOf, rowOf, textOf } from '../../raw/row.ts';
import { sameForm, shownForm, sourceForm, targetForm, unsafeParts } from '../../rules/html.ts';
import { cutAtWord, decoded, plain, sameInstant } from '../../rules/normalise.ts';
import { isAscii, loosePath, pathForm, publicPath } from '../../rules/paths.ts';
import type { Context } from '../context.ts';
import { fits } from '../customer.ts';
import { pathOrHref, rewrittenLinks } from '../links.ts';
import type { Expectation, Expected } from '../expectation.ts';
import { ownField } from '../expectation.ts';

type Scope = 'blog_post' | 'page';

/** What articles name by id only. */
export interface Around {
  categories: ReadonlyMap<number, string>;
  tags: ReadonlyMap<number, string>;
  /** Names under which an author may be shown; none when nobody knows him. */
  authors: ReadonlyMap<number, readonly string[]>;
  media: ReadonlyMap<number, Row>;
}

export function isCarriedArticle(row: Row): boolean {
  return !['trash', 'auto-draft', 'inherit'].includes(textOf(row['status']));
}

export function titleOf(row: Row): string {
  const title = rowOf(row['title']);
  return decoded(textOf(title['raw']) || textOf(title['rendered']));
}

/** Fidelity §10. */
export function expectedPost(row: Row, around: Around, context: Context): Expected {
  const categories = names(row['categories'], around.categories);
  const tags = [...categories, ...names(row['tags'], around.tags)];
  const authors = around.authors.get(idOf(row['author']));
  const picture = around.media.get(idOf(row['featured_media']));
  const day = textOf(row['date_gmt']);
  return {
    fields: [
      titleField('blog_post', 'title', row, 255),
      bodyField('blog_post', row, picture, context),
      urlField('blog_post', row),
      own('blog_post', 'is_published', 'EXACT §10 status', isPublic(row)),
      own('blog_post', 'published_date', 'EXACT §10 date_gmt (N5)', day, sameInstant),
      own('blog_post', 'tags', 'ADJUSTED post-categories-as-tags', tags, sameTags),
      own('blog_post', 'author', authors ? 'EXACT §10 author' : 'ADJUSTED author-unknown', authors ?? [], sameAuthor),
      excerptField('blog_post', row),
    ],
    adjusted: [
      ...(categories.length > 0 ? ['post-categories-as-tags'] : []),
      ...(picture ? ['featured-image-in-body'] : []),
      ...(textOf(row['status']) === 'future' ? ['scheduled-post-unpublished'] : []),
      ...(textOf(rowOf(row['excerpt'])['raw']) === '' ? [] : ['excerpt-as-meta-description']),
    ],
  };
}

/** Fidelity §10; `parentId`: where its parent is at the target, 0 at the top. */
export function expectedPage(row: Row, parentId: number, context: Context): Expected {
  return {
    fields: [
      titleField('page', 'name', row, 100),
      bodyField('page', row, undefined, context),
      urlField('page', row),
      own('page', 'type', '§10', 'page'),
      own('page', 'is_visible', 'EXACT §10 status', isPublic(row)),
      own('page', 'parent_id', 'EXACT §10 parent', parentId),
      own('page', 'sort_order', 'EXACT §10 menu_order', Number(textOf(row['menu_order']) || 0)),
      excerptField('page', row),
    ],
    adjusted: textOf(rowOf(row['excerpt'])['raw']) === '' ? [] : ['excerpt-as-meta-description'],
  };
}

function own(
  scope: Scope,
  field: string,
  rule: string,
  expected: unknown,
  agrees?: (a: never, b: unknown) => boolean,
): Expectation {
  return ownField({ scope, field, rule, expected, ...(agrees ? { agrees } : {}) });
}

function names(ids: unknown, known: ReadonlyMap<number, string>): string[] {
  return (Array.isArray(ids) ? ids : []).flatMap((id) => {
    const name = known.get(idOf(id));
    return name === undefined ? [] : [decoded(name)];
  });
}

function isPublic(row: Row): boolean {
  return textOf(row['status']) === 'publish' && textOf(row['password']) === '';
}

/** Names of pages are unique: a later one ends in ` (#id)`. */
function titleField(scope: Scope, field: string, row: Row, longest: number): Expectation {
  const suffix = new RegExp(` \\(#${idOf(row['id'])}\\)$`);
  return own(scope, field, 'EXACT §10 title', titleOf(row), (a: string, b) => {
    if (a === '') return textOf(b) !== '';
    const name = scope === 'page' ? textOf(b).replace(suffix, '') : textOf(b);
    return name === textOf(b) ? fits(a, name, longest) : a.startsWith(cutAtWord(plain(name), longest));
  });
}

/** As it is shown, after the removals of §3; the featured picture comes first (fidelity §10). */
function bodyField(scope: Scope, row: Row, picture: Row | undefined, context: Context): Expectation {
  const rendered = textOf(rowOf(row['content'])['rendered']);
  const alt = plain(textOf(picture?.['alt_text']));
  const opening = picture
    ? `<p><img src="${textOf(picture['source_url'])}" alt="${alt.replaceAll('&', '&amp;').replaceAll('"', '&quot;')}"></p>`
    : '';
  const expected = sourceForm(opening + rendered, rewrittenLinks(context));
  return {
    scope,
    field: 'body',
    rule: 'EXACT §10 content (N6)',
    source: rendered,
    expected: shownForm(expected),
    read: ({ row: target }) => textOf(target['body']),
    agrees: (actual) => {
      const html = textOf(actual);
      if (unsafeParts(html).length > 0) return false;
      const found = targetForm(html, (href) => pathOrHref(context, href));
      // An empty post holds an empty paragraph: the target asks for a text.
      return sameForm(expected, found) || (rendered.trim() === '' && opening === '' && found.text === '');
    },
  };
}

/** The old path stays (fidelity §12); a draft never had one. */
function urlField(scope: Scope, row: Row): Expectation {
  const path = publicPath(textOf(row['link']));
  const id = idOf(row['id']);
  return {
    scope,
    field: 'url',
    rule: 'EXACT §10 link; url-changed',
    source: path,
    expected: path,
    read: ({ row: target }) => textOf(target['url']),
    agrees: (actual) => {
      if (path === null) return textOf(actual) !== '';
      const found = textOf(actual);
      if (isAscii(path) && pathForm(found) === path) return true;
      return loosePath(path, id).fits(found);
    },
  };
}

function sameTags(expected: readonly string[], actual: unknown): boolean {
  const seen = new Set<string>();
  const wanted = expected.filter((tag) => {
    const key = tag.toLowerCase();
    return tag === '' || seen.has(key) ? false : (seen.add(key), true);
  });
  const found = Array.isArray(actual) ? actual.map((tag) => plain(textOf(tag))) : [];
  return found.length === wanted.length && found.every((tag, at) => tag === wanted[at]);
}

function sameAuthor(known: readonly string[], actual: unknown): boolean {
  const name = plain(textOf(actual));
  return known.length === 0 ? name === '' : known.includes(name);
}

/** Only what the author typed, at most 160 characters (fidelity §14). */
function excerptField(scope: Scope, row: Row): Expectation {
  const typed = targetForm(textOf(rowOf(row['excerpt'])['raw'])).text;
  return own(
    scope,
    'meta_description',
    'ADJUSTED excerpt-as-meta-description',
    cutAtWord(typed, 160),
    (a: string, b) =>
      a === ''
        ? textOf(b) === ''
        : plain(textOf(b)).length <= 160 && plain(typed).startsWith(plain(textOf(b))) && textOf(b) !== '',
  );
}
