/** How many records of each kind a filled store has. */
export interface StoreSize {
  readonly products: number;
  readonly collections: number;
  readonly brands: number;
  readonly customers: number;
  readonly orders: number;
  readonly promotions: number;
}

/** The least of each: all cases that are made by hand have room in it. About 150 records. */
const LEAST: StoreSize = { products: 32, collections: 12, brands: 6, customers: 24, orders: 40, promotions: 9 };

/** Of 2,000 records. */
const OF_TWO_THOUSAND: StoreSize = {
  products: 560,
  collections: 70,
  brands: 40,
  customers: 640,
  orders: 650,
  promotions: 40,
};

/** A store of about so many records in all, never smaller than all of its ugly cases need. */
export function sizeOfRecords(records: number): StoreSize {
  const share = (name: keyof StoreSize) => Math.max(LEAST[name], Math.round((OF_TWO_THOUSAND[name] * records) / 2_000));
  return {
    products: share('products'),
    collections: share('collections'),
    brands: share('brands'),
    customers: share('customers'),
    orders: share('orders'),
    promotions: share('promotions'),
  };
}
