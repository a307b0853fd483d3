import { anyOf } from '../../../shared/life/life.ts';
import type { Params } from '../../rest/params.ts';
import type { ProductRow, VariationRow } from '../../store/rows.ts';
import { variationsOf } from '../../store/shop.ts';
import type { ShopHappening, ShopScene } from '../scene.ts';
import { amount, freshCode, idOf } from '../scene.ts';

const below = (productId: number): string => `/wc/v3/products/${productId}/variations`;
const touched = (row: VariationRow): string[] => [`variation ${row.id}`, `product ${row.parentId}`];

/** A variation that can be reached: its product is there and not in the trash. */
function someVariation(scene: ShopScene, fits: (row: VariationRow) => boolean): VariationRow | null {
  const { shop, random } = scene;
  const reachable = (row: VariationRow): boolean =>
    row.status !== 'trash' && (shop.products.get(row.parentId)?.status ?? 'trash') !== 'trash' && fits(row);
  return anyOf(random, shop.variations, reachable);
}

function edit(
  kind: string,
  weight: number,
  fits: (row: VariationRow) => boolean,
  change: (scene: ShopScene) => Params,
): ShopHappening {
  return {
    kind,
    weight,
    happen: (scene) => {
      const row = someVariation(scene, fits);
      if (row === null) return null;
      scene.api.update(below(row.parentId), row.id, change(scene));
      return touched(row);
    },
  };
}

/** The one local attribute that makes variations of a product, as far as it has no other. */
function ownAxis(row: ProductRow): ProductRow['attributes'][number] | undefined {
  const [axis, ...others] = row.attributes.filter((attribute) => attribute.variation);
  return axis?.id === 0 && others.length === 0 ? axis : undefined;
}

/** A new value of the product's own attribute, and the variation that has it. */
const add: ShopHappening = {
  kind: 'variation.create',
  weight: 0.7,
  happen: (scene) => {
    const fits = (row: ProductRow): boolean => row.status === 'publish' && ownAxis(row) !== undefined;
    const parent = anyOf(scene.random, scene.shop.products, fits);
    const axis = parent && ownAxis(parent);
    if (!parent || !axis) return null;
    const option = `Size ${freshCode(scene)}`;
    const attributes = parent.attributes.map((one) => ({
      ...(one.id > 0 ? { id: one.id } : { name: one.name }),
      position: one.position,
      visible: one.visible,
      variation: one.variation,
      options:
        one.id > 0
          ? one.termIds.flatMap((id) => scene.shop.terms.get(id)?.name ?? [])
          : [...one.options, ...(one === axis ? [option] : [])],
    }));
    scene.api.update('/wc/v3/products', parent.id, { attributes });
    const made = scene.api.create(below(parent.id), {
      sku: `NEW-${freshCode(scene)}`,
      regular_price: amount(scene, 2, 200),
      attributes: [{ name: axis.name, option }],
    });
    return [`variation ${idOf(made)}`, `product ${parent.id}`];
  },
};

/** The last one of a product stays. */
const remove: ShopHappening = {
  kind: 'variation.delete',
  weight: 0.5,
  happen: (scene) => {
    const row = someVariation(scene, (one) => variationsOf(scene.shop, one.parentId).length > 1);
    if (row === null) return null;
    scene.api.remove(below(row.parentId), row.id, true);
    return touched(row);
  },
};

export const variationEvents: ShopHappening[] = [
  edit(
    'variation.price',
    3,
    (row) => row.regularPrice !== '',
    (scene) => ({ regular_price: amount(scene, 2, 200), sale_price: '' }),
  ),
  edit(
    'variation.restock',
    3,
    (row) => row.manageStock,
    ({ random }) => ({ stock_quantity: random.int(0, 90) }),
  ),
  add,
  remove,
];
