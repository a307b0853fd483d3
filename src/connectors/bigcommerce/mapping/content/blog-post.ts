import { comparableText } from '../../../../canonical/plain-text.ts';
import type { CanonicalBlogPost } from '../../../../domain/content.ts';
import type { Json } from '../../../../domain/json.ts';
import type { WantedKey } from '../../../../domain/unique-key.ts';
import type { Mapped, MapContext } from '../../../target.ts';
import { refusedDate } from '../dates.ts';
import { createFindings, type Findings } from '../findings.ts';
import { fittingText } from '../texts.ts';
import { customUrl, wantedPath } from '../urls.ts';
import { bodyOf, isPublic, reportExtras, searchTexts } from './writing.ts';

/** What a post is known by: nothing of it is unique but its address. */
export const BLOG_POST = 'blog-post';
const MAX_TITLE = 255;
const MAX_AUTHOR = 255;

export function blogPostKey(day: string, title: string): string {
  return `${day}|${comparableText(title)}`;
}

/** A target that holds the post already is told from one that does not by its day and title (P6). */
export function blogPostKeys(
  sourceId: string,
  post: CanonicalBlogPost,
  context: Omit<MapContext, 'keys'>,
): readonly WantedKey[] {
  const key = blogPostKey(dayOf(post), titleOf(sourceId, post, createFindings()));
  return [
    { slot: 'post', kind: BLOG_POST, scope: '', alternatives: [key, `${key}|${sourceId}`], role: 'identity' },
    ...wantedPath(sourceId, post.path, context),
  ];
}

/** Fidelity §10. */
export function mapBlogPost(sourceId: string, post: CanonicalBlogPost, context: MapContext): Mapped {
  const broken = refusedDate(post.publishedAt, 'post');
  if (broken !== null) return broken;
  const findings = createFindings();
  const seo = searchTexts(post, context, findings);
  reportExtras(post, seo, 'post-extras', findings);
  const title = titleOf(sourceId, post, findings);
  if (post.status === 'scheduled') {
    const why = 'it is published when the source publishes it';
    findings.adjust('scheduled-post-unpublished', 'status', post.status, 'unpublished', why);
  }
  const body = bodyOf(post, featured(post, findings), context, findings);
  const core: Record<string, Json> = {
    title,
    // The target asks for a text.
    body: body === '' ? '<p></p>' : body,
    url: customUrl(sourceId, post.path, context, findings)?.url ?? null,
    tags: tagsOf(post, findings),
    is_published: isPublic(post),
    published_date: dayOf(post),
    meta_description: seo.description,
    author: authorOf(post, findings),
  };
  const parts = [{ part: 'core', desired: core }];
  return { outcome: 'write', parts, adjustments: findings.adjustments, reports: findings.reports };
}

function titleOf(sourceId: string, post: CanonicalBlogPost, findings: Findings): string {
  const title = fittingText(post.title, MAX_TITLE, 'title', findings, new Map());
  if (title !== '') return title;
  const placeholder = `Post ${sourceId}`;
  findings.adjust('name-placeholder', 'title', post.title, placeholder, 'the target asks for a title');
  return placeholder;
}

/** The first of the year in which there was no blog: drafts have no day. */
function dayOf({ publishedAt }: CanonicalBlogPost): string {
  return `${(publishedAt ?? '1970-01-01T00:00:00').slice(0, 19)}Z`;
}

/** A thumbnail would need WebDAV (fidelity §10). */
function featured({ featuredImage }: CanonicalBlogPost, findings: Findings): string {
  if (featuredImage === null) return '';
  const { url, alt } = featuredImage;
  const why = 'a thumbnail cannot be uploaded through the REST API';
  findings.adjust('featured-image-in-body', 'featured_media', url, 'the first image of the text', why);
  return `<p><img src="${escaped(url)}" alt="${escaped(alt)}"></p>`;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');
}

function tagsOf({ categories, tags }: CanonicalBlogPost, findings: Findings): readonly string[] {
  if (categories.length > 0) {
    const why = 'the target has tags only';
    findings.adjust('post-categories-as-tags', 'categories', [...categories], 'tags', why);
  }
  const seen = new Set<string>();
  return [...categories, ...tags].map(comparableText).filter((tag) => {
    const key = tag.toLowerCase();
    return tag === '' || seen.has(key) ? false : (seen.add(key), true);
  });
}

function authorOf({ author }: CanonicalBlogPost, findings: Findings): string {
  if (author === null)
    findings.adjust('author-unknown', 'author', null, '', 'the source does not know the author any more');
  return fittingText(author ?? '', MAX_AUTHOR, 'author', findings, new Map());
}
