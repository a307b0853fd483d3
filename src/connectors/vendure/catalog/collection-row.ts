import { z } from 'zod';
import { contentHash } from '../../../canonical/content-hash.ts';
import { tidyText } from '../../../canonical/plain-text.ts';
import type { CanonicalCategory } from '../../../domain/category.ts';
import type { ReportItem, SourceRecord } from '../../../domain/record.ts';
import type { EntityRow } from '../entity-row.ts';
import type { ListRoot } from '../lists.ts';
import { pagePath } from '../options.ts';
import type { ShopFacts } from '../shop-facts.ts';
import { asset, customFields, id, instant, text } from '../wire/fields.ts';
import { ASSET_FIELDS, canonicalImages } from '../wire/images.ts';
import { customMeta, customSelection, readRows } from '../wire/read-row.ts';
import type { Place } from '../place.ts';
import { languageReports } from './languages.ts';

const ROOT: ListRoot = { list: 'collections', options: 'CollectionListOptions', item: 'collection' };
/** The invisible collection above the top level; it is in no list. */
const ROOT_NAME = '__root_collection__';

const parent = z
  .looseObject({ id, name: text })
  .nullable()
  .transform((above) => (above === null || above.name === ROOT_NAME ? null : above.id));
const collectionSchema = z.looseObject({
  id,
  updatedAt: instant,
  name: text,
  slug: text,
  description: text,
  position: z.number().int(),
  isPrivate: z.boolean(),
  featuredAsset: asset.nullable(),
  assets: z.array(asset),
  parent,
  translations: z.array(z.looseObject({ languageCode: z.string() })),
  customFields,
});
type WireCollection = z.output<typeof collectionSchema>;
const scanSchema = z.looseObject({ id, name: text, slug: text, parent, updatedAt: instant });

const FIELDS = `id updatedAt name slug description position isPrivate
  featuredAsset { ${ASSET_FIELDS} } assets { ${ASSET_FIELDS} } parent { id name } translations { languageCode }`;

/** Collections as categories; which products they hold is told by the products. */
export function collectionRow(place: Place): EntityRow {
  return {
    entity: 'category',
    brings: [],
    // A move among siblings stamps none of them, and there are few: read whole, hashes tell.
    modifiedFilter: false,
    pageSize: 100,
    root: ROOT,
    filter: () => ({}),
    fields: (facts) => `${FIELDS} ${customSelection(facts, 'Collection')}`,
    scanFields: 'id name slug updatedAt parent { id name }',
    looks: [],
    read(rows, facts) {
      const { good, unreadable } = readRows('category', collectionSchema, rows);
      return Promise.resolve({ records: good.map((row) => collectionRecord(row, place, facts)), unreadable });
    },
    keys: (rows) =>
      rows.map((row) => {
        const { id: sourceId, name, slug, parent: above, updatedAt } = scanSchema.parse(row);
        return { sourceId, name: tidyText(name), slug, parent: above, sku: '', modifiedAt: updatedAt, children: [] };
      }),
  };
}

function collectionRecord(row: WireCollection, place: Place, facts: ShopFacts): SourceRecord<'category'> {
  const { meta, reports } = customMeta(row.customFields, facts, 'Collection');
  const images = canonicalImages(row.featuredAsset, row.assets, place.serverUrl);
  const canonical: CanonicalCategory = {
    name: tidyText(row.name),
    slug: row.slug,
    path: pagePath(place.collectionPath, row.slug),
    parent: row.parent,
    description: row.description,
    image: images[0] ?? null,
    position: row.position,
    visible: !row.isPrivate,
    isCatchAll: false,
    isEmpty: false,
    meta,
  };
  return {
    entity: 'category',
    sourceId: row.id,
    modifiedAt: row.updatedAt,
    canonical,
    contentHash: contentHash('category', canonical),
    references:
      row.parent === null ? [] : [{ entity: 'category', sourceId: row.parent, kind: 'hard', field: 'parent' }],
    // What the shop hides has no address there.
    urls: canonical.path === null || row.isPrivate ? [] : [canonical.path],
    reports: [...reports, ...imageReports(row, images.length), ...languageReports(row.translations, facts)],
  };
}

function imageReports({ assets }: WireCollection, images: number): ReportItem[] {
  return [
    ...(images > 1 ? [{ key: 'further-images', field: 'assets', sample: String(images - 1) }] : []),
    ...(assets.some(({ type }) => type !== 'IMAGE') ? [{ key: 'asset-files', field: 'assets' }] : []),
  ];
}
