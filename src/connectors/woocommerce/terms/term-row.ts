import { z } from 'zod';
import { contentHash } from '../../../canonical/content-hash.ts';
import { decodedText } from '../../../canonical/plain-text.ts';
import type { CanonicalBrand } from '../../../domain/brand.ts';
import type { CanonicalCategory } from '../../../domain/category.ts';
import type { Canonical, Reference, ReportItem, SourceRecord } from '../../../domain/record.ts';
import type { EntityRow } from '../entity-row.ts';
import { canonicalImage } from '../products/product-images.ts';
import { id, text } from '../wire/fields.ts';
import { readRows, rowId } from '../wire/read-row.ts';
import type { WooApi } from '../woo-api.ts';
import { createTermLinks } from './term-links.ts';
import { termSchema } from './term-schema.ts';
import type { WireTerm } from './term-schema.ts';

type TermEntity = 'category' | 'brand';

/** How one taxonomy becomes one entity. */
interface Taxonomy<E extends TermEntity> {
  readonly entity: E;
  readonly route: string;
  /** Its name in wp/v2, and the base of its addresses where links are not given. */
  readonly taxonomy: string;
  readonly base: string;
  canonical(term: WireTerm, path: string | null): Canonical<E>;
  references(term: WireTerm): readonly Reference[];
  reports(term: WireTerm): readonly ReportItem[];
}

const scanSchema = z.looseObject({ id, name: text, slug: text, parent: id.default('') });

export function categoryRow(api: WooApi): EntityRow {
  return termRow(api, {
    entity: 'category',
    route: '/products/categories',
    taxonomy: 'product_cat',
    base: 'product-category',
    canonical: canonicalCategory,
    references: (term) =>
      term.parent === '' ? [] : [{ entity: 'category', sourceId: term.parent, kind: 'hard', field: 'parent' }],
    reports: (term) => (hasDisplayExtras(term) ? [{ key: 'category-display', field: 'display' }] : []),
  });
}

export function brandRow(api: WooApi): EntityRow {
  return termRow(api, {
    entity: 'brand',
    route: '/products/brands',
    taxonomy: 'product_brand',
    base: 'brand',
    canonical: canonicalBrand,
    references: () => [],
    reports: (term) =>
      term.parent !== '' || term.menu_order !== 0 || hasDisplayExtras(term)
        ? [{ key: 'brand-hierarchy', field: 'parent' }]
        : [],
  });
}

function canonicalCategory(term: WireTerm, path: string | null): CanonicalCategory {
  const isCatchAll = term.slug === 'uncategorized';
  return {
    name: decodedText(term.name),
    slug: term.slug,
    path,
    parent: term.parent === '' ? null : term.parent,
    description: term.description,
    image: term.image === null ? null : canonicalImage(term.image),
    position: term.menu_order,
    visible: true,
    isCatchAll,
    // Told of the catch-all only, where it decides: elsewhere every sale of the last product would be an edit.
    isEmpty: isCatchAll && term.count === 0,
    meta: [],
  };
}

function canonicalBrand(term: WireTerm, path: string | null): CanonicalBrand {
  return {
    name: decodedText(term.name),
    slug: term.slug,
    path,
    description: term.description,
    image: term.image === null ? null : canonicalImage(term.image),
    meta: [],
  };
}

function termRow<E extends TermEntity>(api: WooApi, taxonomy: Taxonomy<E>): EntityRow {
  const { entity, route } = taxonomy;
  const links = createTermLinks(api, taxonomy.taxonomy, route, taxonomy.base);
  return {
    entity,
    brings: [],
    modifiedFilter: false,
    pageSize: 100,
    route,
    listQuery: {},
    scanFields: ['id', 'name', 'slug', 'parent'],
    hasTrash: false,
    goneCodes: ['woocommerce_rest_term_invalid'],
    async read(rows, signal) {
      const { good: terms, unreadable } = await readRows(entity, termSchema, rows);
      const paths = await links.pathsOf(
        terms.map(({ row }) => row),
        signal,
      );
      return {
        records: terms.map(({ row, unknown }) => {
          const record = termRecord(taxonomy, row, paths.get(row.id) ?? null);
          return { ...record, reports: [...unknown, ...record.reports] };
        }),
        unreadable,
      };
    },
    keys: (rows) =>
      Promise.resolve(
        rows.map((row) => {
          const parsed = scanSchema.safeParse(row);
          const { name, slug, parent } = parsed.success ? parsed.data : { name: '', slug: '', parent: '' };
          const named = { sourceId: rowId(row), name: decodedText(name), slug, parent: parent === '' ? null : parent };
          return { ...named, sku: '', modifiedAt: null, children: [] };
        }),
      ),
  };
}

function termRecord<E extends TermEntity>(taxonomy: Taxonomy<E>, term: WireTerm, path: string | null): SourceRecord<E> {
  const canonical = taxonomy.canonical(term, path);
  return {
    entity: taxonomy.entity,
    sourceId: term.id,
    modifiedAt: null,
    canonical,
    contentHash: contentHash<E>(taxonomy.entity, canonical),
    references: taxonomy.references(term),
    urls: path === null ? [] : [path],
    reports: taxonomy.reports(term),
  };
}

/** The theme's own matters, without a field at the other side (fidelity §5). */
function hasDisplayExtras(term: WireTerm): boolean {
  return (term.display !== 'default' && term.display !== '') || (term.image?.alt ?? '') !== '';
}
