import type { Row } from '../../raw/row.ts';
import { idOf, textOf } from '../../raw/row.ts';
import { targetForm } from '../../rules/html.ts';
import { decoded, plain, sameInstant } from '../../rules/normalise.ts';
import { fits } from '../customer.ts';
import type { Expectation, Expected } from '../expectation.ts';
import { ownField } from '../expectation.ts';

const STATUSES: Readonly<Record<string, string>> = { approved: 'approved', hold: 'pending' };

/** Spam and the trash stay behind (fidelity §10). */
export function isCarriedReview(row: Row): boolean {
  return STATUSES[textOf(row['status'])] !== undefined;
}

/** Reviews carry no marker: product, day and person are all there is to know one by (bigcommerce-api §2). */
export function reviewKey(product: number, day: string, email: string): string {
  return `review ${product} ${day.slice(0, 19)} ${email.trim().toLowerCase()}`;
}

export function expectedReview(row: Row, productId: number): Expected {
  const text = targetForm(textOf(row['review'])).text;
  const email = textOf(row['reviewer_email']);
  const isMail = email === '' || /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(email.trim());
  return {
    fields: [
      own('product_id', 'EXACT §10 product_id', productId),
      own('text', 'EXACT §10 review (N1)', text, (a: string, b) => plain(a) === plain(textOf(b))),
      own('title', 'ADJUSTED review-title-generated', sentenceOf(text), sameTitle),
      own('rating', 'EXACT §10 rating', idOf(row['rating'])),
      own('name', 'EXACT §10 reviewer', decoded(textOf(row['reviewer'])), (a: string, b) => fits(a, b, 255)),
      own('email', isMail ? 'EXACT §10' : 'ADJUSTED review-email-dropped', isMail ? email.trim() : ''),
      own('status', 'EXACT §10 status', STATUSES[textOf(row['status'])]),
      own('date_reviewed', 'EXACT §10 date_created (N5)', textOf(row['date_created_gmt']), sameInstant),
    ],
    adjusted: ['review-title-generated', ...(isMail ? [] : ['review-email-dropped'])],
  };
}

function own(field: string, rule: string, expected: unknown, agrees?: (a: never, b: unknown) => boolean): Expectation {
  return ownField({ scope: 'review', field, rule, expected, ...(agrees ? { agrees } : {}) });
}

/** The first sentence without its end mark (fidelity §14). */
function sentenceOf(text: string): string {
  return /^.*?(?=[.!?…]+(?:\s|$)|$)/u.exec(text)?.[0] ?? '';
}

/** A line of the review may end before its sentence does, and a long one is cut at a word. */
function sameTitle(sentence: string, actual: unknown): boolean {
  const title = plain(textOf(actual));
  if (sentence === '') return title === 'Review';
  return title !== '' && title.length <= 60 && plain(sentence).startsWith(title);
}
