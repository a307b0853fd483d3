import type { EntityRow } from './entity-row.ts';
import { blogPostRow, pageRow } from './content/article-row.ts';
import { reviewRow } from './content/review-row.ts';
import { couponRow } from './coupons/coupon-row.ts';
import { orderRow } from './orders/order-row.ts';
import { customerRow } from './people/customer-row.ts';
import { productRow } from './products/product-row.ts';
import { brandRow, categoryRow } from './terms/term-row.ts';
import { createStateNames } from './wire/states.ts';
import type { WooApi } from './woo-api.ts';

/** What is read from a WooCommerce shop, one row for each entity. */
export function entityTable(api: WooApi): readonly EntityRow[] {
  const states = createStateNames(api);
  return [
    categoryRow(api),
    brandRow(api),
    productRow(api),
    customerRow(states),
    orderRow(api, states),
    couponRow(),
    reviewRow(),
    blogPostRow(api),
    pageRow(api),
  ];
}
