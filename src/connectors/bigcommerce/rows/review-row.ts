import type { TargetEntity, WriteOutcome } from '../../target.ts';
import type { RowDeps } from '../entity-table.ts';
import { mapReview, reviewKeys } from '../mapping/review.ts';
import { OWNABLE_PLACES } from '../ownable.ts';
import { agreesReviewPart } from '../projection/review.ts';
import { copiesOfReview, existingReviews, lookUpReviews, readReviews } from '../reading/reviews.ts';
import { writeReview } from '../writing/reviews.ts';
import { unknownPart } from './part-spec.ts';

/**
 * Reviews of products. They hold no mark of ours and the store lists them with their products only: edits by others are not
 * watched for, and what is there already is known by its day, e-mail and title (bigcommerce-api §2, §3.5).
 */
export function reviewRow({ api }: RowDeps): TargetEntity<'review'> {
  return {
    entity: 'review',
    parts: [{ part: 'core', createBatch: 1, updateBatch: 1, deleteBatch: 1, bundles: [] }],
    foreignEdits: 'none',
    derivedFrom: null,
    ownable: OWNABLE_PLACES.review,
    wantedKeys: reviewKeys,
    map: mapReview,
    agrees: agreesReviewPart,
    write: async (part, items, call) => {
      if (part !== 'core') throw unknownPart('review', part);
      const outcomes: WriteOutcome[] = [];
      for (const item of items) outcomes.push(await writeReview(api, item, call));
      return outcomes;
    },
    lookUp: (items, call) => lookUpReviews(api, items, call),
    copies: (desired, call) => copiesOfReview(api, desired, call),
    read: (targetIds, call) => readReviews(api, targetIds, call),
    changedSince: async () => [],
    scanExisting: (cursor, call) => existingReviews(api, cursor, call),
  };
}
