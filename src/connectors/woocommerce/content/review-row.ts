import { z } from 'zod';
import { contentHash } from '../../../canonical/content-hash.ts';
import { decodedText } from '../../../canonical/plain-text.ts';
import type { CanonicalReview } from '../../../domain/review.ts';
import type { ReportItem, SourceRecord } from '../../../domain/record.ts';
import type { EntityRow } from '../entity-row.ts';
import { derived, flag, gmt, id, integer, text } from '../wire/fields.ts';
import { readRows, rowId, unnamed } from '../wire/read-row.ts';

const reviewSchema = z.looseObject({
  id,
  product_id: id.default(''),
  status: text.default('approved'),
  reviewer: text.default(''),
  reviewer_email: text.default(''),
  review: text.default(''),
  rating: integer.default(0),
  verified: flag.default(false),
  date_created_gmt: gmt.default(null),
  date_created: derived,
  product_name: derived,
  product_permalink: derived,
  reviewer_avatar_urls: derived,
});
type WireReview = z.output<typeof reviewSchema>;

const STATUSES: Readonly<Record<string, CanonicalReview['status']>> = { approved: 'approved', hold: 'pending' };

/** Reviews that wait and those that are approved; spam and the trash stay where they are (fidelity §10). */
export function reviewRow(): EntityRow {
  return {
    entity: 'review',
    brings: [],
    // Lists know when a review was written, not when it was edited (source-apis §1.2): hashes tell.
    modifiedFilter: false,
    pageSize: 100,
    route: '/products/reviews',
    listQuery: { status: 'all' },
    scanFields: ['id'],
    hasTrash: true,
    goneCodes: ['woocommerce_rest_review_invalid_id'],
    async read(rows) {
      const { good, unreadable } = await readRows('review', reviewSchema, rows);
      return { records: good.map(({ row, unknown }) => reviewRecord(row, unknown)), unreadable };
    },
    keys: (rows) => Promise.resolve(rows.map((row) => unnamed(rowId(row)))),
  };
}

function reviewRecord(row: WireReview, unknown: readonly ReportItem[]): SourceRecord<'review'> {
  const canonical: CanonicalReview = {
    product: row.product_id,
    text: row.review,
    rating: Math.min(5, Math.max(0, row.rating)),
    author: decodedText(row.reviewer),
    email: row.reviewer_email.trim(),
    status: STATUSES[row.status] ?? 'other',
    createdAt: row.date_created_gmt,
  };
  return {
    entity: 'review',
    sourceId: row.id,
    modifiedAt: null,
    canonical,
    contentHash: contentHash('review', canonical),
    references:
      row.product_id === '' ? [] : [{ entity: 'product', sourceId: row.product_id, kind: 'hard', field: 'product_id' }],
    urls: [],
    reports: [...unknown, ...(row.verified ? [{ key: 'review-extras', field: 'verified' }] : [])],
  };
}
