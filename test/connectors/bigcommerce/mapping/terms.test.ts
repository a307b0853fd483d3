import { describe, expect, it } from 'vitest';
import { brandKeys, mapBrand } from '../../../../src/connectors/bigcommerce/mapping/brand.ts';
import { categoryKeys, mapCategory } from '../../../../src/connectors/bigcommerce/mapping/category.ts';
import type { CanonicalBrand } from '../../../../src/domain/brand.ts';
import type { CanonicalCategory } from '../../../../src/domain/category.ts';
import type { ChildPair } from '../../../../src/domain/target-state.ts';
import { brand, category, contextWith, type ContextChanges, writtenForm } from '../forms.ts';

const RULES = { allowPrivate: false };
const map = (more: Partial<CanonicalCategory>, changes: ContextChanges = {}) =>
  writtenForm(mapCategory('3', category(more), contextWith(changes), RULES));

const mapBrandWith = (more: Partial<CanonicalBrand>, changes: ContextChanges = {}) =>
  writtenForm(mapBrand('8', brand(more), contextWith(changes), RULES));

describe('categories', () => {
  it('that shoppers do not see are hidden', () => {
    expect(map({ visible: false }).parts['core'].is_visible).toBe(false);
  });

  it('at the top hang on the tree', () => {
    const form = map({ position: 4 });
    expect(form.parts['core']).toMatchObject({
      ancestors: [],
      tree_id: 1,
      name: 'Teas',
      sort_order: 4,
      is_visible: true,
      url: { path: '/product-category/teas/', is_customized: true },
    });
    expect(form.adjusted).toEqual([]);
  });

  it('hang on the mapped root when there is one', () => {
    expect(map({}, { mapping: { categoryRoot: '77' } }).parts['core'].ancestors).toEqual([77]);
  });

  it('stand below their parent, whose ancestors they share', () => {
    const children = { 'category:1': levels(10, 11) };
    const form = map({ parent: '1' }, { ids: { 'category:1': '11' }, children });
    expect(form.parts['core'].ancestors).toEqual([10, 11]);
  });

  it('deeper than the eighth level stand below their ancestor on the seventh', () => {
    const path = [1, 2, 3, 4, 5, 6, 7, 8];
    const form = map({ parent: '1' }, { ids: { 'category:1': '8' }, children: { 'category:1': levels(...path) } });
    expect(form.parts['core'].ancestors).toEqual([1, 2, 3, 4, 5, 6, 7]);
    expect(form.adjusted).toEqual(['category-depth-flattened']);
  });

  it('whose parent can never be there go to the top', () => {
    const form = map({ parent: '1' });
    expect(form.parts['core'].ancestors).toEqual([]);
    expect(form.adjusted).toEqual(['category-depth-flattened']);
  });

  it('are cut to 50 characters and keep the whole name', () => {
    const name = 'A very long name of a category that nobody can read to its end';
    const form = map({ name });
    expect(form.parts['core'].name.length).toBeLessThanOrEqual(50);
    expect(form.adjusted).toEqual(['text-truncated']);
    expect(form.parts['metafields']).toContainEqual({ namespace: 'storeferry', key: 'full_name', value: name });
  });

  it('that catch all and hold nothing are left out', () => {
    const mapped = mapCategory('1', category({ isCatchAll: true, isEmpty: true }), contextWith(), RULES);
    expect(mapped).toMatchObject({ outcome: 'skip', adjustments: [{ key: 'empty-default-category-skipped' }] });
    expect(map({ isCatchAll: true }).parts['core'].name).toBe('Teas');
  });

  it('want a name among siblings: numbered, then with their id', () => {
    const [name] = categoryKeys('3', category({ parent: '1' }), contextWith({ ids: { 'category:1': '11' } }));
    expect(name).toMatchObject({ kind: 'category-name', scope: 'below 1', role: 'identity' });
    expect(name?.alternatives.slice(0, 3)).toEqual(['Teas', 'Teas (2)', 'Teas (3)']);
    expect(name?.alternatives.at(-2)).toBe('Teas (#3)');
    expect(map({}, { keys: { name: 'Teas (2)' } }).adjusted).toEqual(['name-made-unique']);
  });

  it('give pictures that the target can fetch and report others', () => {
    const url = 'https://shop.example.test/a.jpg';
    expect(map({ image: { key: '1', url, alt: '' } }).parts['image']).toEqual({ image_url: url });
    const inside = map({ image: { key: '1', url: 'http://10.0.0.1/a.jpg', alt: '' } });
    expect(inside.parts['image']).toEqual({ image_url: '' });
    expect(inside.reported).toEqual(['image-unreachable']);
  });
});

describe('brands', () => {
  it('keep their description in a metafield', () => {
    const form = mapBrandWith({ description: '<p>Since 1900</p>' });
    expect(form.parts['core']).toMatchObject({ name: 'Leaf', custom_url: { url: '/brand/leaf/' } });
    expect(form.parts['metafields']).toContainEqual({
      namespace: 'storeferry',
      key: 'description',
      value: '<p>Since 1900</p>',
    });
    expect(form.adjusted).toEqual(['brand-description-in-metafield']);
  });

  it('of one name are told apart by the id', () => {
    const [name] = brandKeys('8', brand(), contextWith());
    expect(name?.alternatives.slice(0, 2)).toEqual(['Leaf', 'Leaf (#8)']);
    expect(mapBrandWith({}, { keys: { name: 'Leaf (#8)' } })).toMatchObject({ adjusted: ['name-made-unique'] });
  });
});

function levels(...ids: number[]): readonly ChildPair[] {
  return ids.map((id, index) => ({ kind: 'level', sourceId: String(index + 1), targetId: String(id) }));
}
