import type { AttributeRow } from '../store/rows.ts';
import type { Shop } from '../store/shop.ts';
import { nextId } from '../store/shop.ts';
import { putTerm } from './terms.ts';

export interface SeededAttribute {
  row: AttributeRow;
  termIds: number[];
}

const wanted: [string, string, string[]][] = [
  ['Colour', 'colour', ['Red', 'Blue', 'Green', 'Black & White', 'Écru', 'Sky 🌤']],
  ['Size', 'size', ['XS', 'S', 'M', 'L', 'XL', '5" / 12 cm']],
  ['Material & care', 'material', ['Wool', 'Cotton', 'Oak', 'Steel']],
  ['Fit', 'fit', ['Slim', 'Regular']],
];

/** Global attributes with their terms; attributes that are there already are taken as they are. */
export function seedAttributes(shop: Shop): SeededAttribute[] {
  return wanted.map(([name, slug, values]) => {
    const held = [...shop.attributes.values()].find((row) => row.slug === `pa_${slug}`);
    const row: AttributeRow = held ?? {
      id: nextId(shop, 'attribute'),
      name,
      slug: `pa_${slug}`,
      type: 'select',
      orderBy: 'menu_order',
      hasArchives: slug === 'material',
    };
    shop.attributes.set(row.id, row);
    if (held) {
      const terms = [...shop.terms.values()].filter((term) => term.taxonomy === row.slug);
      return { row, termIds: terms.map((term) => term.id) };
    }
    const termIds = values.map((value, at) => putTerm(shop, row.slug, { name: value, menuOrder: at }).id);
    return { row, termIds };
  });
}
