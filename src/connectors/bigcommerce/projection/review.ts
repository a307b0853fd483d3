import { isObject, type Json, type JsonObject } from '../../../domain/json.ts';
import type { PresentState } from '../../../domain/target-state.ts';
import type { ReviewRow } from '../wire/review.ts';
import { agreesFields, type FieldTable, projectFields, textField } from './fields.ts';

const REVIEW_FIELDS: FieldTable = {
  title: 'text',
  text: 'text',
  status: 'text',
  rating: 'number',
  email: 'text',
  name: 'text',
  date_reviewed: 'text',
};

/** Where a review is: its product and its own id, which means nothing without the other. */
export interface ReviewPlace {
  readonly product: string;
  readonly review: string;
}

export function reviewPlace(targetId: string): ReviewPlace {
  const [, product, review] = /^(\d+)\/(\d+)$/.exec(targetId) ?? [];
  if (product === undefined || review === undefined) throw new Error(`"${targetId}" is no id of a review`);
  return { product, review };
}

export function presentReview(product: string | number, row: ReviewRow): PresentState {
  const modified = instantOf(row.date_modified);
  return {
    targetId: `${product}/${row.id}`,
    // When the target made it is not told apart from when it was written.
    createdAt: null,
    modifiedAt: modified === '' ? null : modified,
    parts: { core: formOf(projectFields(REVIEW_FIELDS, row)) },
    children: [],
  };
}

export function agreesReviewPart(part: string, desired: Json, present: Json): boolean {
  return part === 'core' && isObject(desired) && agreesFields(REVIEW_FIELDS, formOf(desired), present);
}

/** The day to the second, the e-mail address whatever its case. */
function formOf(fields: JsonObject): JsonObject {
  const day = instantOf(fields['date_reviewed']);
  return { ...fields, date_reviewed: day, email: textField(fields, 'email').toLowerCase() };
}

function instantOf(stamp: unknown): string {
  const time = typeof stamp === 'string' ? Date.parse(stamp) : Number.NaN;
  return Number.isNaN(time) ? '' : `${new Date(time).toISOString().slice(0, 19)}Z`;
}
