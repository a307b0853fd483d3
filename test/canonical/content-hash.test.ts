import { describe, expect, test } from 'vitest';
import { contentHash, HASH_VERSION } from '../../src/canonical/content-hash.ts';
import type { CanonicalCategory } from '../../src/domain/category.ts';

const category: CanonicalCategory = {
  name: 'Caf\u00e9',
  slug: 'cafe',
  path: '/product-category/cafe/',
  parent: null,
  description: '<p class="a">Hot drinks</p>',
  image: null,
  position: 0,
  visible: true,
  isCatchAll: false,
  isEmpty: false,
  meta: [{ key: 'x', value: { description: '<b>raw</b>', b: 1 } }],
};

const hash = (changes: Partial<CanonicalCategory> = {}) => contentHash('category', { ...category, ...changes });

describe('the content hash', () => {
  test('is short text and has a version', () => {
    expect(hash()).toMatch(/^[\w-]{43}$/);
    expect(HASH_VERSION).toBe(2);
  });

  test('is the same for keys in another order and accents composed otherwise', () => {
    const reversed = Object.fromEntries(Object.entries(category).reverse()) as unknown as CanonicalCategory;
    expect(contentHash('category', reversed)).toBe(hash());
    expect(hash({ name: 'Cafe\u0301' })).toBe(hash());
  });

  test('sees through markup that N6 ignores, in HTML fields only', () => {
    expect(hash({ description: '<p id="gen-12">Hot  drinks</p>\n' })).toBe(hash());
    expect(hash({ description: '<p>Cold drinks</p>' })).not.toBe(hash());
    expect(hash({ meta: [{ key: 'x', value: { description: '<b class="c">raw</b>', b: 1 } }] })).not.toBe(hash());
  });

  test('changes with every other field', () => {
    const changes: Partial<CanonicalCategory>[] = [
      { name: 'CAF\u00c9' },
      { slug: 'x' },
      { path: null },
      { parent: '1' },
      { position: 1 },
      { isEmpty: true },
      { visible: false },
      { meta: [] },
      { image: { key: '1', url: 'https://shop.example/a.jpg', alt: '' } },
    ];
    expect(new Set([hash(), ...changes.map((change) => hash(change))]).size).toBe(changes.length + 1);
  });

  test('differs between entities of equal form', () => {
    expect(contentHash('brand', category)).not.toBe(hash());
  });
});
