import type { MovedEntity } from '../../domain/record.ts';
import type { TargetEntity } from '../target.ts';
import type { BigCommerceApi } from './bigcommerce-api.ts';
import type { ImageRules } from './mapping/images.ts';
import { blogPostRow } from './rows/blog-post-row.ts';
import { brandRow } from './rows/brand-row.ts';
import { categoryRow } from './rows/category-row.ts';
import { couponRow } from './rows/coupon-row.ts';
import { customerGroupRow } from './rows/customer-group-row.ts';
import { customerRow } from './rows/customer-row.ts';
import { orderRow } from './rows/order-row.ts';
import { pageRow } from './rows/page-row.ts';
import { productRow } from './rows/product-row.ts';
import { redirectRow } from './rows/redirect-row.ts';
import { reviewRow } from './rows/review-row.ts';
import { stockRow } from './rows/stock-row.ts';
import type { LoadImage } from './writing/image-bytes.ts';

/** What a row stands on. */
export interface RowDeps {
  readonly api: BigCommerceApi;
  readonly rules: ImageRules;
  readonly loadImage: LoadImage;
}

/** One row per entity that this target takes; a new entity adds one here, with its mapping and its wire schemas. */
export type EntityTable = { readonly [E in MovedEntity]?: TargetEntity<E> };

export function entityTable(deps: RowDeps): EntityTable {
  return {
    category: categoryRow(deps),
    brand: brandRow(deps),
    product: productRow(deps),
    customer_group: customerGroupRow(deps),
    customer: customerRow(deps),
    order: orderRow(deps),
    coupon: couponRow(deps),
    review: reviewRow(deps),
    redirect: redirectRow(deps),
    blog_post: blogPostRow(deps),
    page: pageRow(deps),
    stock: stockRow(deps),
  };
}
