import { type Fields, instant, pathOf, type Row, rowsOf, textOf } from './rows.ts';

const COUPON_TYPES: Readonly<Record<string, string>> = {
  percent: 'percentage_discount',
  fixed_cart: 'per_total_discount',
  fixed_product: 'per_item_discount',
};

export function couponForm(row: Row): Fields {
  const code =
    textOf(row['code'])
      .replaceAll(/[^A-Za-z0-9 _-]/g, '-')
      .slice(0, 50) || `coupon-${row.id}`;
  return {
    name: `${code} ${row.id}`.slice(0, 100),
    code: code.length > 40 ? `${code.slice(0, 40)}-${row.id}` : code,
    type: COUPON_TYPES[textOf(row['discount_type'])] ?? 'per_total_discount',
    amount: String(Math.max(0, Number(row['amount']) || 0)),
    min_purchase: String(Number(row['minimum_amount']) || 0),
    enabled: row['status'] === 'publish',
    max_uses: Number(row['usage_limit'] ?? 0),
    applies_to: { entity: 'categories', ids: [0] },
  };
}

const REVIEW_STATUSES: Readonly<Record<string, string>> = {
  approved: 'approved',
  hold: 'pending',
  spam: 'disapproved',
};

export function reviewForm(row: Row): Fields {
  const text = textOf(row['review'])
    .replaceAll(/<[^>]*>/g, '')
    .trim();
  return {
    title: text.slice(0, 60) || 'Review',
    text,
    rating: Number(row['rating'] ?? 0),
    status: REVIEW_STATUSES[textOf(row['status'])] ?? 'pending',
    email: /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(textOf(row['reviewer_email'])) ? textOf(row['reviewer_email']) : '',
    name: textOf(row['reviewer']).slice(0, 255),
    date_reviewed: instant(row['date_created_gmt']),
  };
}

export function postForm(row: Row): Fields {
  return {
    title: textOf(row['title']).slice(0, 255) || `Post ${row.id}`,
    body: textOf(row['content']) || '<p></p>',
    is_published: row['status'] === 'publish',
    published_date: new Date(instant(row['date_gmt'])).toUTCString(),
    meta_description: textOf(row['excerpt']).slice(0, 255),
    ...(pathOf(row['link']) === '' ? {} : { url: pathOf(row['link']) }),
  };
}

export function pageForm(row: Row, name: string): Fields {
  return {
    name: name.slice(0, 100),
    type: 'page',
    body: textOf(row['content']),
    is_visible: row['status'] === 'publish',
    sort_order: Number(row['menu_order'] ?? 0),
    ...(pathOf(row['link']) === '' ? {} : { url: pathOf(row['link']) }),
  };
}

/** The blog's lists by time, which the target does not have: they lead to its blog. */
export function archivePaths(posts: readonly Row[]): string[] {
  const paths = posts.flatMap((post) => {
    const [year, month, day] = textOf(post['date']).slice(0, 10).split('-');
    return [`/${year}/`, `/${year}/${month}/`, `/${year}/${month}/${day}/`];
  });
  return [...new Set(paths)];
}

const level = (one: Row): number => Math.max(0, Math.trunc(Number(one['stock_quantity'] ?? 0)));

/** Products that are counted: their levels, by SKU where they have variants. */
export function levelsOf(row: Row, product: number, variants: ReadonlyMap<number, number>): Fields[] {
  if (variants.size === 0) {
    return row['manage_stock'] === true ? [{ location_id: 1, product_id: product, quantity: level(row) }] : [];
  }
  return rowsOf(row['variation_rows']).flatMap((variation) => {
    const id = variants.get(variation.id);
    const counted = variation['manage_stock'] === true && id !== undefined;
    return counted ? [{ location_id: 1, variant_id: id, quantity: level(variation) }] : [];
  });
}
