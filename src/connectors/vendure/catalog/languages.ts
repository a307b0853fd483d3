import type { ReportItem } from '../../../domain/record.ts';
import type { ShopFacts } from '../shop-facts.ts';

/** The default language is carried, the others stay behind. */
export function languageReports(
  translations: readonly { readonly languageCode: string }[],
  { language }: Pick<ShopFacts, 'language'>,
): ReportItem[] {
  const others = translations.map(({ languageCode }) => languageCode).filter((code) => code !== language);
  return others.length === 0
    ? []
    : [{ key: 'language-unmapped', field: 'translations', sample: others.toSorted().join(', ') }];
}
