import { describe, expect, test } from 'vitest';
import { brandRow } from '../../../src/connectors/vendure/catalog/brand-row.ts';
import { collectionRow } from '../../../src/connectors/vendure/catalog/collection-row.ts';
import { assetRow, facts, PLACE, signal } from './forms.ts';

const collections = collectionRow(PLACE);
const collection = (more: Record<string, unknown> = {}) => ({
  id: '4',
  updatedAt: '2026-11-21T14:32:59.067Z',
  name: ' Teas & more ',
  slug: 'teas',
  description: '<p>All</p>',
  position: 2,
  isPrivate: false,
  featuredAsset: null,
  assets: [],
  parent: { id: '1', name: '__root_collection__' },
  translations: [{ languageCode: 'en' }],
  ...more,
});
const read = async (more: Record<string, unknown> = {}) => {
  const { records } = await collections.read([collection(more)], facts(), signal);
  return records[0];
};

describe('a collection', () => {
  test('is a category; below the invisible one above all it is at the top', async () => {
    expect(await read()).toMatchObject({
      entity: 'category',
      sourceId: '4',
      modifiedAt: '2026-11-21T14:32:59.067Z',
      canonical: {
        name: 'Teas & more',
        path: '/collections/teas/',
        parent: null,
        position: 2,
        visible: true,
        image: null,
      },
      references: [],
      urls: ['/collections/teas/'],
      reports: [],
    });
  });

  test('waits for the one above it', async () => {
    const record = await read({ parent: { id: '3', name: 'Drinks' } });
    expect(record).toMatchObject({
      canonical: { parent: '3' },
      references: [{ entity: 'category', sourceId: '3', kind: 'hard', field: 'parent' }],
    });
  });

  test('that is private is hidden, and nobody knew its address', async () => {
    expect(await read({ isPrivate: true })).toMatchObject({ canonical: { visible: false }, urls: [] });
  });

  test('shows one picture, and tells of the others and of films', async () => {
    const record = await read({
      featuredAsset: assetRow('2'),
      assets: [assetRow('1'), assetRow('2'), assetRow('3', { type: 'VIDEO' })],
    });
    expect(record).toMatchObject({
      canonical: { image: { key: '2' } },
      reports: [{ key: 'further-images', sample: '1' }, { key: 'asset-files' }],
    });
  });

  test('claims its name among its siblings', () => {
    expect(collections.keys([collection({ parent: { id: '3', name: 'Drinks' } })], facts())).toMatchObject([
      { name: 'Teas & more', parent: '3' },
    ]);
  });
});

describe('a value of the brand facet', () => {
  const brands = brandRow();
  const value = {
    id: '3',
    updatedAt: '2026-11-21T14:00:00.000Z',
    name: ' Leaf ',
    code: 'leaf',
    translations: [{ languageCode: 'en' }, { languageCode: 'de' }],
  };

  test('is a brand without a page of its own', async () => {
    const { records } = await brands.read([value], facts(), signal);
    expect(records).toMatchObject([
      {
        entity: 'brand',
        sourceId: '3',
        canonical: { name: 'Leaf', slug: 'leaf', path: null, image: null },
        urls: [],
        reports: [{ key: 'language-unmapped', sample: 'de' }],
      },
    ]);
    expect(brands.keys([value], facts())).toMatchObject([{ sourceId: '3', name: 'Leaf' }]);
  });

  test('is asked for by its facet; without one nothing is asked', () => {
    expect(brands.filter(facts({ brandFacet: '9' }))).toEqual({ facetId: { eq: '9' } });
    expect(brands.filter(facts({ brandFacet: null }))).toBeNull();
  });
});
