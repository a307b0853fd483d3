import { htmlToText } from '../../../../canonical/html.ts';
import { truncateText } from '../../../../canonical/truncate.ts';
import type { CanonicalBlogPost, CanonicalPage } from '../../../../domain/content.ts';
import type { MapContext } from '../../../target.ts';
import type { Findings } from '../findings.ts';
import { seoFields, type SeoFields } from '../seo.ts';
import { fittingHtml, type FullTexts } from '../texts.ts';

type Writing = CanonicalBlogPost | CanonicalPage;

/** Not published; more than any page of a shop, less than a request may weigh. */
const MAX_BODY = 1_000_000;
const MAX_EXCERPT = 160;

/** Its text with what the target's own rules ask for (fidelity §3). */
export function bodyOf(
  writing: Writing,
  opening: string,
  context: Pick<MapContext, 'source' | 'addressOf'>,
  findings: Findings,
): string {
  const full: FullTexts = new Map();
  return opening + fittingHtml(writing.content, MAX_BODY - opening.length, 'content', { context, findings, full });
}

/** What the author typed for search engines; else the excerpt that he typed (fidelity §10). */
export function searchTexts(writing: Writing, context: Pick<MapContext, 'source'>, findings: Findings): SeoFields {
  const seo = seoFields(writing.meta, writing.title, context, findings);
  const excerpt = truncateText(htmlToText(writing.excerpt), MAX_EXCERPT);
  if (seo.description !== '' || excerpt === '') return seo;
  const why = 'the target has no excerpts';
  findings.adjust('excerpt-as-meta-description', 'excerpt', writing.excerpt, excerpt, why);
  return { ...seo, description: excerpt };
}

/** Fields of plugins: neither posts nor pages have room for them at the target (fidelity §10). */
export function reportExtras({ meta }: Writing, { taken }: SeoFields, key: string, findings: Findings): void {
  for (const row of meta) if (!taken.has(row.key)) findings.report(key, `meta.${row.key}`);
}

/** Whether visitors may see it; what has a password stays closed, since the target knows none. */
export function isPublic({ status, passwordProtected }: Writing): boolean {
  return status === 'published' && !passwordProtected;
}
