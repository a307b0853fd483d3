import { anyOf } from '../../../shared/life/life.ts';
import type { Params } from '../../rest/params.ts';
import type { ProductRow } from '../../store/rows.ts';
import { termsOf } from '../../store/shop.ts';
import type { ShopHappening, ShopScene } from '../scene.ts';
import { amount, freshCode, idOf, productName, someText } from '../scene.ts';

const path = '/wc/v3/products';
const listed = (row: ProductRow): boolean => row.status !== 'trash';
const priced = (row: ProductRow): boolean => listed(row) && row.type === 'simple' && row.regularPrice !== '';

/** One product that fits gets one PUT. */
function edit(
  kind: string,
  weight: number,
  fits: (row: ProductRow) => boolean,
  change: (scene: ShopScene, row: ProductRow) => Params,
): ShopHappening {
  return {
    kind,
    weight,
    happen: (scene) => {
      const row = anyOf(scene.random, scene.shop.products, fits);
      if (row === null) return null;
      scene.api.update(path, row.id, change(scene, row));
      return [`product ${row.id}`];
    },
  };
}

function remove(kind: string, weight: number, fits: (row: ProductRow) => boolean, force: boolean): ShopHappening {
  return {
    kind,
    weight,
    happen: ({ shop, random, api }) => {
      const row = anyOf(random, shop.products, fits);
      if (row === null) return null;
      api.remove(path, row.id, force);
      return [`product ${row.id}`];
    },
  };
}

function someCategories({ shop, random }: ShopScene): { id: number }[] {
  const ids = termsOf(shop, 'product_cat').map(({ id }) => ({ id }));
  return random.shuffle(ids).slice(0, random.int(0, 2));
}

function fresh(scene: ShopScene): Params {
  const managed = scene.random.chance(0.7);
  return {
    name: productName(scene),
    type: 'simple',
    sku: `NEW-${freshCode(scene)}`,
    regular_price: amount(scene, 2, 200),
    description: someText(scene),
    weight: String(scene.random.int(1, 40) / 10),
    categories: someCategories(scene),
    manage_stock: managed,
    ...(managed ? { stock_quantity: scene.random.int(0, 150) } : {}),
  };
}

function price(scene: ShopScene): Params {
  const regular = amount(scene, 2, 200);
  const sale = scene.random.chance(0.25) ? amount(scene, 1, Math.max(1, Math.floor(Number(regular)) - 1)) : '';
  return { regular_price: regular, sale_price: sale };
}

/** Imports leave SKUs behind that several products have: the shop would refuse to give such a one to anybody. */
function aloneWithSku({ shop }: ShopScene, { id, sku }: ProductRow): boolean {
  const wanted = sku.toLowerCase();
  for (const table of [shop.products, shop.variations]) {
    for (const other of table.values()) if (other.id !== id && other.sku.toLowerCase() === wanted) return false;
  }
  return true;
}

/** The same SKU and slug under a new id: the old row is gone for good (source-apis §1.5). */
const recreate: ShopHappening = {
  kind: 'product.recreate',
  weight: 1,
  happen: (scene) => {
    const row = anyOf(
      scene.random,
      scene.shop.products,
      (one) => priced(one) && one.sku !== '' && aloneWithSku(scene, one),
    );
    if (row === null) return null;
    scene.api.remove(path, row.id, true);
    const { name, sku, slug } = row;
    const made = scene.api.create(path, { ...fresh(scene), name, sku, slug });
    return [`product ${row.id}`, `product ${idOf(made)}`];
  },
};

/** Two products change places through a third value, since the shop keeps both unique at any time. */
function swap(kind: string, field: 'slug' | 'sku'): ShopHappening {
  return {
    kind,
    weight: 1,
    happen: (scene) => {
      const fits = (one: ProductRow): boolean =>
        one.status === 'publish' && one[field] !== '' && (field === 'slug' || aloneWithSku(scene, one));
      const first = anyOf(scene.random, scene.shop.products, fits);
      const second = anyOf(scene.random, scene.shop.products, (one) => fits(one) && one[field] !== first?.[field]);
      if (first === null || second === null) return null;
      const [mine, others] = [first[field], second[field]];
      scene.api.update(path, first.id, { [field]: `between-${freshCode(scene)}` });
      scene.api.update(path, second.id, { [field]: mine });
      scene.api.update(path, first.id, { [field]: others });
      return [`product ${first.id}`, `product ${second.id}`];
    },
  };
}

/** A product with options comes in several writes; who looks in between finds it without its variations. */
const createVariable: ShopHappening = {
  kind: 'product.create-variable',
  weight: 0.5,
  happen: (scene) => {
    const options = ['S', 'M', 'L'].slice(0, scene.random.int(1, 3));
    const size = { name: 'Size', visible: true, variation: true, options };
    const { manage_stock: _manage, stock_quantity: _stock, regular_price: _price, ...shared } = fresh(scene);
    const parent = idOf(scene.api.create(path, { ...shared, type: 'variable', attributes: [size] }));
    const made = options.map((option) =>
      scene.api.create(`${path}/${parent}/variations`, {
        sku: `NEW-${freshCode(scene)}`,
        regular_price: amount(scene, 2, 200),
        attributes: [{ name: 'Size', option }],
      }),
    );
    return [`product ${parent}`, ...made.map((one) => `variation ${idOf(one)}`)];
  },
};

export const productEvents: ShopHappening[] = [
  edit('product.price', 8, priced, price),
  edit('product.text', 5, listed, (scene) =>
    scene.random.pick([
      () => ({ name: productName(scene) }),
      () => ({ description: someText(scene) }),
      () => ({ short_description: someText(scene) }),
    ])(),
  ),
  edit(
    'product.restock',
    6,
    (row) => listed(row) && row.manageStock,
    ({ random }) => ({ stock_quantity: random.int(0, 200) }),
  ),
  edit('product.refile', 2, listed, (scene) => ({ categories: someCategories(scene) })),
  // A save that changes nothing moves the stamp all the same (source-apis §1.4).
  edit('product.save-untouched', 1, listed, () => ({})),
  edit('product.metadata', 2, listed, (scene) => ({
    meta_data: [{ key: 'supplier_ref', value: `R-${scene.random.int(1, 99_999)}` }],
  })),
  edit(
    'product.rename-slug',
    1,
    (row) => row.status === 'publish',
    (scene) => ({ slug: `moved-${freshCode(scene)}-${scene.random.int(1, 9_999)}` }),
  ),
  edit(
    'product.restore',
    1,
    (row) => row.status === 'trash',
    () => ({ status: 'publish' }),
  ),
  remove('product.trash', 1, listed, false),
  remove('product.delete', 0.7, () => true, true),
  {
    kind: 'product.create',
    weight: 3,
    happen: (scene) => [`product ${idOf(scene.api.create(path, fresh(scene)))}`],
  },
  createVariable,
  recreate,
  swap('product.swap-slugs', 'slug'),
  swap('product.swap-skus', 'sku'),
];
