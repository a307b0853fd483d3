import { z } from 'zod';
import { contentHash } from '../../../canonical/content-hash.ts';
import { tidyText } from '../../../canonical/plain-text.ts';
import type { CanonicalBrand } from '../../../domain/brand.ts';
import type { SourceRecord } from '../../../domain/record.ts';
import type { EntityRow } from '../entity-row.ts';
import type { ListRoot } from '../lists.ts';
import type { ShopFacts } from '../shop-facts.ts';
import { customFields, id, instant, text } from '../wire/fields.ts';
import { customMeta, customSelection, readRows } from '../wire/read-row.ts';
import { languageReports } from './languages.ts';

const ROOT: ListRoot = { list: 'facetValues', options: 'FacetValueListOptions', item: 'facetValue' };

const brandSchema = z.looseObject({
  id,
  updatedAt: instant,
  name: text,
  code: text,
  translations: z.array(z.looseObject({ languageCode: z.string() })),
  customFields,
});
type WireBrand = z.output<typeof brandSchema>;
const scanSchema = z.looseObject({ id, name: text, code: text, updatedAt: instant });

/** Values of the brand facet as brands. They have neither a page nor a text of their own. */
export function brandRow(): EntityRow {
  return {
    entity: 'brand',
    brings: [],
    // Few, and a value may be moved to another facet: read whole, hashes tell.
    modifiedFilter: false,
    pageSize: 100,
    root: ROOT,
    filter: ({ brandFacet }) => (brandFacet === null ? null : { facetId: { eq: brandFacet } }),
    fields: (facts) => `id updatedAt name code translations { languageCode } ${customSelection(facts, 'FacetValue')}`,
    scanFields: 'id name code updatedAt',
    looks: [],
    read(rows, facts) {
      const { good, unreadable } = readRows('brand', brandSchema, rows);
      return Promise.resolve({ records: good.map((row) => brandRecord(row, facts)), unreadable });
    },
    keys: (rows) =>
      rows.map((row) => {
        const { id: sourceId, name, code, updatedAt } = scanSchema.parse(row);
        const named = { sourceId, name: tidyText(name), slug: code, modifiedAt: updatedAt };
        return { ...named, sku: '', parent: null, children: [] };
      }),
  };
}

function brandRecord(row: WireBrand, facts: ShopFacts): SourceRecord<'brand'> {
  const { meta, reports } = customMeta(row.customFields, facts, 'FacetValue');
  const canonical: CanonicalBrand = {
    name: tidyText(row.name),
    slug: row.code,
    path: null,
    description: '',
    image: null,
    meta,
  };
  return {
    entity: 'brand',
    sourceId: row.id,
    modifiedAt: row.updatedAt,
    canonical,
    contentHash: contentHash('brand', canonical),
    references: [],
    urls: [],
    reports: [...reports, ...languageReports(row.translations, facts)],
  };
}
