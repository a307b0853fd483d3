import type { Management } from '@aligent/bigcommerce-api';
import { expectTypeOf, test } from 'vitest';
import type { brandSchema } from '../../../src/connectors/bigcommerce/wire/category.ts';
import type { pageSchema } from '../../../src/connectors/bigcommerce/wire/content/content.ts';
import type { customerSchema } from '../../../src/connectors/bigcommerce/wire/people/customer.ts';
import type { productSchema, variantSchema } from '../../../src/connectors/bigcommerce/wire/product.ts';
import type { redirectSchema } from '../../../src/connectors/bigcommerce/wire/redirect.ts';
import type { reviewSchema } from '../../../src/connectors/bigcommerce/wire/review.ts';

/** Answers as the platform's own published schemas have them. */
type Operations = Management.V3.Operations;
type Body<Line extends keyof Operations> = Extract<
  Operations[Line]['response'],
  { readonly status: 200 | 201 }
>['body'];
type DataOf<B> = B extends { readonly data?: infer D } ? NonNullable<D> : never;
type RowOf<Line extends keyof Operations> = DataOf<Body<Line>> extends readonly (infer R)[] ? R : DataOf<Body<Line>>;
type KeyOf<R> = R extends unknown ? keyof R : never;
/** Fields that we read and no published schema names: a slip of the pen shows here, when types are checked. */
type Undocumented<S extends { readonly shape: object }, R> = Exclude<keyof S['shape'], KeyOf<R>>;

test('every field that is read of V3 is one that its schemas name', () => {
  expectTypeOf<Undocumented<typeof brandSchema, RowOf<'GET /catalog/brands/{brand_id}'>>>().toEqualTypeOf<never>();
  // `variants` comes by `include`, which the published schema of the answer leaves out.
  expectTypeOf<
    Undocumented<typeof productSchema, RowOf<'GET /catalog/products/{product_id}'>>
  >().toEqualTypeOf<'variants'>();
  expectTypeOf<
    Undocumented<typeof variantSchema, RowOf<'GET /catalog/products/{product_id}/variants'>>
  >().toEqualTypeOf<never>();
  expectTypeOf<Undocumented<typeof customerSchema, RowOf<'GET /customers'>>>().toEqualTypeOf<never>();
  expectTypeOf<Undocumented<typeof redirectSchema, RowOf<'GET /storefront/redirects'>>>().toEqualTypeOf<never>();
  expectTypeOf<
    Undocumented<typeof reviewSchema, RowOf<'GET /catalog/products/{product_id}/reviews'>>
  >().toEqualTypeOf<never>();
  expectTypeOf<Undocumented<typeof pageSchema, RowOf<'GET /content/pages'>>>().toEqualTypeOf<never>();
});
