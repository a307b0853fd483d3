import type { Random } from '../../shared/random.ts';
import { addAttachment } from '../resources/images.ts';
import type { TermRow } from '../store/rows.ts';
import type { Shop } from '../store/shop.ts';
import { nextId } from '../store/shop.ts';
import { slugOf, termName, uniqueSlug } from '../store/text.ts';
import { makers, rooms } from './words.ts';

export interface SeededTerms {
  categories: number[];
  brands: number[];
  tags: number[];
  shippingClasses: number[];
}

/** Puts a term in raw: the seed makes what REST would refuse, and many of them. */
export function putTerm(shop: Shop, taxonomy: string, given: Partial<TermRow> & { name: string }): TermRow {
  const id = nextId(shop, 'term');
  const name = termName(given.name);
  const taken = new Set<string>();
  for (const term of shop.terms.values()) if (term.taxonomy === taxonomy) taken.add(term.slug);
  const row: TermRow = {
    id,
    taxonomy,
    parent: 0,
    description: '',
    display: 'default',
    imageId: 0,
    menuOrder: 0,
    visibleSinceMs: 0,
    ...given,
    name,
    slug: given.slug ?? uniqueSlug(slugOf(name) || String(id), (slug) => taken.has(slug)),
  };
  shop.terms.set(id, row);
  return row;
}

export function seedTerms(shop: Shop, random: Random, size: { categories: number; brands: number }): SeededTerms {
  const brands = seedBrands(shop, random, size.brands);
  const tags = ['new', 'sale & offers', 'bestseller', 'été', '🎁 gift', 'vintage'];
  const classes = ['Bulky', 'Letter', 'Cold chain'];
  return {
    categories: seedCategories(shop, random, size.categories),
    brands,
    tags: tags.map((name) => putTerm(shop, 'product_tag', { name }).id),
    shippingClasses: classes.map((name) => putTerm(shop, 'product_shipping_class', { name }).id),
  };
}

function seedCategories(shop: Shop, random: Random, wanted: number): number[] {
  const made = uglyCategories(shop, wanted);
  while (made.length < wanted) {
    const parent = random.chance(0.7) && made.length > 0 ? random.pick(made) : 0;
    const depth = depthOf(shop, parent);
    const name = `${random.pick(rooms)} ${made.length}`;
    const row = putTerm(shop, 'product_cat', {
      name,
      parent: depth < 5 ? parent : 0,
      description: random.chance(0.3) ? `<p>All about ${name}.</p>` : '',
      menuOrder: random.int(0, 3),
      imageId: random.chance(0.1) ? picture(shop, `2025/03/category-${made.length}.png`) : 0,
    });
    made.push(row.id);
  }
  return made.slice(0, Math.max(wanted, 0));
}

/** Stamped long ago, so that one seed gives one shop at any time. */
function picture(shop: Shop, file: string): number {
  const stamp = Date.UTC(2025, 2, 1);
  return addAttachment(shop, { file, createdGmt: stamp, modifiedGmt: stamp }).id;
}

function depthOf(shop: Shop, id: number): number {
  let depth = 0;
  const seen = new Set<number>();
  for (let at = id; at > 0 && !seen.has(at); at = shop.terms.get(at)?.parent ?? 0) {
    seen.add(at);
    depth += 1;
  }
  return depth;
}

/** Siblings with one name, ten levels, a loop, long and encoded names; as many as the size leaves room for. */
function uglyCategories(shop: Shop, wanted: number): number[] {
  const made: number[] = [];
  const put = (given: Partial<TermRow> & { name: string }): number => {
    if (made.length >= wanted) return made.at(-1) ?? 0;
    const row = putTerm(shop, 'product_cat', given);
    made.push(row.id);
    return row.id;
  };
  const clothes = put({ name: 'Clothes & Shoes', description: '<p>Wear &amp; care</p>' });
  put({ name: 'Men', parent: clothes });
  // REST refuses equal names under one parent; imports do not.
  put({ name: 'Men', parent: clothes });
  put({ name: 'men', parent: clothes });
  put({ name: `Everything for the home that does not fit on any other shelf ${'x'.repeat(20)}` });
  put({ name: 'قهوة وشاي' });
  put({ name: '🎉 Party' });
  let below = put({ name: 'Level 1' });
  for (let level = 2; level <= 10; level += 1) below = put({ name: `Level ${level}`, parent: below });
  // A loop cannot be made over REST.
  const [first, second] = [put({ name: 'Loop A' }), put({ name: 'Loop B' })];
  if (first !== second) {
    shop.terms.get(first)!.parent = second;
    shop.terms.get(second)!.parent = first;
  }
  put({ name: 'Orphan', parent: 999_999 });
  return made;
}

function seedBrands(shop: Shop, random: Random, wanted: number): number[] {
  const made: number[] = [];
  for (let at = 0; at < wanted; at += 1) {
    const base = makers[at % makers.length]!;
    const name = at < makers.length ? base : `${base} ${Math.floor(at / makers.length) + 1}`;
    // Equal names are legal under other parents (fidelity §5).
    const twin = at === makers.length && made.length > 0;
    const given = twin ? { name: base, parent: made.at(-1)! } : { name };
    const imageId = random.chance(0.2) ? picture(shop, `2025/01/brand-${at}.png`) : 0;
    made.push(putTerm(shop, 'product_brand', { ...given, imageId, description: at === 0 ? 'First brand' : '' }).id);
  }
  return made;
}
