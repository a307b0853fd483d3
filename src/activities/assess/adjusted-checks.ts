import type { AssessmentCheck } from '../../domain/assessment.ts';
import { type AssessmentFacts, check } from './check.ts';

/** What of the source will be another at the target, or stay behind. */
export function adjusted({ shop }: AssessmentFacts): AssessmentCheck[] {
  return [
    check(
      'duplicate-skus',
      'warning',
      shop.duplicateSkus,
      'SKUs are unique at the target: the later product gets another one (sku-made-unique)',
      'give each product a SKU of its own at the source',
    ),
    check(
      'duplicate-names',
      'note',
      shop.duplicateNames,
      'product names are unique at the target: the later one gets a suffix (name-made-unique)',
      'rename them at the source if the suffix is not wanted',
    ),
    check(
      'too-many-variants',
      'warning',
      shop.tooManyVariants,
      'the target takes 600 variants of a product: these become dead letters unless an option can be a modifier',
      'split these products at the source',
    ),
    check(
      'missing-emails',
      'warning',
      shop.missingEmails,
      'accounts need an e-mail address at the target: these are not created',
      'enter an address at the source',
    ),
    check(
      'duplicate-emails',
      'warning',
      shop.duplicateEmails,
      'the target allows an e-mail address once: these accounts become dead letters, their orders those of guests',
      'merge the accounts at the source, or give each an address of its own',
    ),
    check(
      'category-depth',
      'note',
      shop.deepCategories,
      'the target has eight levels of categories: deeper ones move up (category-depth-flattened)',
      'nothing to do, or flatten the tree at the source',
    ),
    check(
      'unreachable-images',
      'warning',
      shop.unreachableImages,
      'these pictures cannot be fetched: they are left out and reported; looked for among fifty, evenly over the shop',
      'put the files back at the source, or let the pictures be left out',
    ),
    check(
      'unreliable-stamps',
      'note',
      shop.unreliableStamps,
      'the source does not say, or cannot know, when these were changed: a sync finds their changes by content only',
      'save them once at the source',
    ),
    check(
      'missing-postcodes',
      'note',
      shop.missingPostcodes,
      'orders need a postcode at the target: N/A is filled in (postcode-placeholder); counted among the newest hundred',
      'nothing to do',
    ),
  ];
}
