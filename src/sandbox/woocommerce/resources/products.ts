import { RestError } from '../rest/errors.ts';
import type { Resource } from '../rest/resource.ts';
import type { ProductRow } from '../store/rows.ts';
import { listProducts, productListParams } from './product-query.ts';
import { productWire } from './product-wire.ts';
import {
  createProduct,
  deleteProduct,
  productOr404,
  productWriteParams,
  trashProduct,
  updateProduct,
} from './product-write.ts';
import { variationWire } from './variation-wire.ts';

export const products: Resource = {
  path: '/wc/v3/products',
  listParams: productListParams,
  writeParams: productWriteParams,
  batch: true,
  list: listProducts,
  render: (call, row: ProductRow) => {
    // `include_meta` and `exclude_meta` trim meta_data by key.
    const wire = productWire(call.shop, row, call.context);
    const [only, without] = [call.params['include_meta'], call.params['exclude_meta']] as (string[] | undefined)[];
    if (only?.length) wire['meta_data'] = row.meta.filter((meta) => only.includes(meta.key));
    else if (without?.length) wire['meta_data'] = row.meta.filter((meta) => !without.includes(meta.key));
    return wire;
  },
  read: (call, id) => {
    const variation = call.shop.variations.get(id);
    // A variation answers here too, since all products share one table.
    if (variation) return variationWire(call.shop, variation);
    return productWire(call.shop, productOr404(call.shop, id, 404), call.context);
  },
  create: (call, body) => {
    if (body['id'] !== undefined && Number(body['id']) > 0) {
      throw new RestError('woocommerce_rest_product_exists', 'Cannot create existing product.', 400);
    }
    return productWire(call.shop, createProduct(call.shop, body, { strict: true }), 'edit');
  },
  update: (call, id, body) => {
    refuseVariation(call.shop.variations.has(id));
    const row = productOr404(call.shop, id, 400);
    updateProduct(call.shop, row, body, { strict: true });
    return productWire(call.shop, row, 'edit');
  },
  remove: (call, id, force) => {
    refuseVariation(call.shop.variations.has(id));
    const row = productOr404(call.shop, id, 404);
    // The answer shows the state before (source-apis §1.5, recordings "trash product", "force delete product").
    const before = productWire(call.shop, row, 'edit');
    if (force) deleteProduct(call.shop, row);
    else if (row.status === 'trash') {
      throw new RestError('woocommerce_rest_already_trashed', 'The product has already been deleted.', 410);
    } else trashProduct(call.shop, row);
    return before;
  },
};

function refuseVariation(isVariation: boolean): void {
  if (!isVariation) return;
  const message =
    'To manipulate product variations you should use the /products/&lt;product_id&gt;/variations/&lt;id&gt; endpoint.';
  throw new RestError('woocommerce_rest_invalid_product_id', message, 404);
}
