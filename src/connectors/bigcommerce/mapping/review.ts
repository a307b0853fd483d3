import { htmlToText } from '../../../canonical/html.ts';
import { truncateText } from '../../../canonical/truncate.ts';
import type { CanonicalReview } from '../../../domain/review.ts';
import type { Json, JsonObject } from '../../../domain/json.ts';
import type { WantedKey } from '../../../domain/unique-key.ts';
import type { Mapped, MapContext } from '../../target.ts';
import { textField } from '../projection/fields.ts';
import { refusedDate } from './dates.ts';
import { createFindings, type Findings } from './findings.ts';
import { isEmail } from './people/customer.ts';
import { fittingText } from './texts.ts';
import { wellFormed } from './well-formed.ts';

const MAX_TITLE = 60;
const MAX_NAME = 255;
/** The target asks for a day; a review that the source keeps no day of is an old one. */
const NO_DAY = '1970-01-01T00:00:00Z';
/** Where a reader sees a new line. */
const LINE_ENDS = /<br\s*\/?>|<\/(?:p|div|li|h[1-6]|blockquote)>|\n\s*\n/i;

/** What a review is known by, below its product: nothing else of it is unique (bigcommerce-api §2). */
export const REVIEW = 'review';

export function reviewKey({ day, email, title }: { readonly [field in 'day' | 'email' | 'title']: string }): string {
  return [day.slice(0, 19), email, title].join('|');
}

/** A target that holds the review already is told from one that does not by its day, e-mail and title (P6). */
export function reviewKeys(
  sourceId: string,
  review: CanonicalReview,
  context: Omit<MapContext, 'keys'>,
): readonly WantedKey[] {
  const mapped = mapReview(sourceId, review, { ...context, keys: {} });
  const core = mapped.outcome === 'write' ? (mapped.parts[0]?.desired as JsonObject | undefined) : undefined;
  if (core === undefined) return [];
  const text = (field: string) => textField(core, field);
  const key = reviewKey({ day: text('date_reviewed'), email: text('email'), title: text('title') });
  const scope = String(Number(core['product_id']));
  return [{ slot: 'review', kind: REVIEW, scope, alternatives: [key, `${key}|${sourceId}`], role: 'identity' }];
}

/** A review of a product that is there (fidelity §10). */
export function mapReview(sourceId: string, review: CanonicalReview, context: MapContext): Mapped {
  const findings = createFindings();
  if (review.status === 'other') return skip('it is spam or was thrown away', findings);
  const productId = context.targetIdOf({ entity: 'product', sourceId: review.product });
  if (productId === null) {
    findings.report('review-without-product', 'product_id', sourceId);
    return skip('its product is not at the target', findings);
  }
  const broken = refusedDate(review.createdAt, 'review');
  if (broken !== null) return broken;
  const text = wellFormed(reviewText(review.text));
  const core: Record<string, Json> = {
    product_id: Number(productId),
    title: titleOf(text, findings),
    text,
    status: review.status,
    rating: Math.max(0, Math.min(5, Math.trunc(review.rating))),
    email: emailOf(review.email, findings),
    name: fittingText(review.author, MAX_NAME, 'reviewer', findings, new Map()),
    date_reviewed: review.createdAt === null ? NO_DAY : `${review.createdAt.slice(0, 19)}Z`,
  };
  const parts = [{ part: 'core', desired: core }];
  return { outcome: 'write', parts, adjustments: findings.adjustments, reports: findings.reports };
}

function skip(reason: string, { reports }: Findings): Mapped {
  return { outcome: 'skip', reason, adjustments: [], reports };
}

function reviewText(html: string): string {
  return html
    .split(LINE_ENDS)
    .map((piece) => htmlToText(piece))
    .filter((line) => line !== '')
    .join('\n');
}

/** The first sentence without its end mark, or what of it fits (fidelity §14). */
function titleOf(text: string, findings: Findings): string {
  const [line = ''] = text.split('\n');
  const [sentence = ''] = line.split(/(?<=[.!?…])\s/u);
  const title = truncateText(sentence.replace(/[.!?…\s]+$/u, ''), MAX_TITLE) || 'Review';
  findings.adjust('review-title-generated', 'title', null, title, 'the target asks for a title, the source has none');
  return title;
}

function emailOf(email: string, findings: Findings): string {
  if (email === '' || isEmail(email)) return email;
  findings.adjust('review-email-dropped', 'reviewer_email', null, '', 'the target takes valid e-mail addresses only');
  return '';
}
