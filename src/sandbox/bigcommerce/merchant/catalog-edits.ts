import { anyOf } from '../../shared/life/life.ts';
import { setLevel } from '../routes/inventory.ts';
import { key } from '../store/catalog.ts';
import { createProduct, deleteProduct, updateProduct } from '../store/products.ts';
import type { Fields, ProductRow } from '../store/rows.ts';
import type { MerchantHappening, MerchantScene } from './scene.ts';

const LONGEST_NAME = 250;

function edit(
  kind: string,
  weight: number,
  change: (scene: MerchantScene, row: ProductRow) => Fields | null,
  fits: (row: ProductRow) => boolean = () => true,
): MerchantHappening {
  return {
    kind,
    weight,
    happen: (scene) => {
      const { catalog } = scene.context;
      const row = anyOf(scene.random, catalog.products, fits);
      const fields = row && change(scene, row);
      if (!row || !fields) return null;
      updateProduct(catalog, row, fields);
      return [`product ${row.id}`];
    },
  };
}

/** Names are unique in a store (bigcommerce-api §3.3). */
function freeName({ context, random }: MerchantScene, start: string): string | null {
  const name = `${start.slice(0, LONGEST_NAME - 12)} ${random.int(1, 999_999_999)}`;
  return context.catalog.names.has(key(name)) ? null : name;
}

/** The level of the product, or of one variant where each has its own. */
const stock: MerchantHappening = {
  kind: 'product.stock',
  weight: 4,
  happen: ({ context, random }) => {
    const row = anyOf(random, context.catalog.products, (one) => one.inventory_tracking !== 'none');
    if (row === null) return null;
    const variant = row.inventory_tracking === 'variant' ? random.pick(row.variants) : null;
    setLevel(context, row, variant, random.int(0, 300), 'by hand');
    return [`product ${row.id}`, ...(variant ? [`variant ${variant.id}`] : [])];
  },
};

const add: MerchantHappening = {
  kind: 'product.add',
  weight: 1,
  happen: (scene) => {
    const { context, random } = scene;
    const name = freeName(scene, 'Made by hand');
    if (name === null) return null;
    const categories = [...context.catalog.categories.keys()];
    const row = createProduct(context.catalog, {
      name,
      type: 'physical',
      weight: random.int(0, 40) / 10,
      price: random.int(100, 20_000) / 100,
      description: '<p>The merchant’s own.</p>',
      ...(categories.length > 0 ? { categories: [random.pick(categories)] } : {}),
    });
    return [`product ${row.id}`];
  },
};

const remove: MerchantHappening = {
  kind: 'product.delete',
  weight: 0.6,
  happen: ({ context, random }) => {
    const row = anyOf(random, context.catalog.products, () => true);
    if (row === null) return null;
    deleteProduct(context.catalog, row);
    return [`product ${row.id}`];
  },
};

export const catalogEdits: MerchantHappening[] = [
  edit('product.name', 2, (scene, row) => {
    const name = freeName(scene, row.name);
    return name === null ? null : { name };
  }),
  edit('product.price', 4, ({ random }) => ({ price: random.int(100, 20_000) / 100 })),
  edit('product.description', 3, ({ random }) => ({
    description: `<p>As we say it, no. ${random.int(1, 9_999)}.</p>`,
  })),
  edit('product.visibility', 1, (_scene, row) => ({ is_visible: row['is_visible'] === false })),
  stock,
  add,
  remove,
];
