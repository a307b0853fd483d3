import type { OwnableEntity, OwnablePlaces, OwnedPlace } from '../../domain/ownership.ts';

/**
 * Where the fields are that may belong to this store (`OWNABLE`). What an update always sends, whether it changed or not (a
 * post's visibility, a review's title, all of a coupon), is not among them.
 */
export const OWNABLE_PLACES: Readonly<Record<OwnableEntity, OwnablePlaces>> = {
  category: {
    ...core('description', 'page_title', 'meta_description', 'sort_order'),
    visibility: field('is_visible'),
    image: part('image'),
  },
  brand: { ...core('page_title', 'meta_description'), image: part('image') },
  product: {
    ...core(
      'description',
      'cost_price',
      'categories',
      'search_keywords',
      'page_title',
      'meta_description',
      'sort_order',
    ),
    price: [...field('price'), ofVariants('price')],
    sale_price: [...field('sale_price'), ofVariants('sale_price')],
    weight: [...field('weight'), ofVariants('weight')],
    brand: field('brand_id'),
    visibility: field('is_visible'),
    featured: field('is_featured'),
    images: [...part('images'), ...part('uploads'), ofVariants('image_url')],
    custom_fields: part('custom_fields'),
    related: part('related'),
  },
  customer: {
    ...core('first_name', 'last_name', 'company', 'phone'),
    group: field('customer_group_id'),
    addresses: part('addresses'),
  },
  order: { ...core('staff_notes'), status: field('status_id') },
  review: core('status', 'text', 'rating'),
  blog_post: core('body', 'author', 'meta_description'),
  page: { ...core('body', 'meta_description', 'sort_order'), visibility: field('is_visible') },
  stock: { all: part('core') },
};

function core(...names: readonly string[]): OwnablePlaces {
  return Object.fromEntries(names.map((name) => [name, field(name)]));
}

function field(name: string): readonly OwnedPlace[] {
  return [{ part: 'core', field: name }];
}

function part(name: string): readonly OwnedPlace[] {
  return [{ part: name }];
}

/** A variant is made anew when its options are others: then it is written from the source again. */
function ofVariants(name: string): OwnedPlace {
  return { part: 'variants', field: name, rowsBy: ['key', 'option_values'] };
}
