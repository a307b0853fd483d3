import { OrderDesk } from './order-desk.ts';
import { uploadManual, uploadPictures } from './assets.ts';
import { openBench, type SeedBench } from './bench.ts';
import { Shopper } from './checkout.ts';
import { seedCollections } from './collections.ts';
import { newAddress, newPerson, seedCustomers, type SeededCustomer } from './customers.ts';
import { seedFacets } from './facets.ts';
import { type OrderWorld, seedOrders } from './orders.ts';
import { createProduct, seedProducts, type Around } from './products.ts';
import { seedPromotions } from './promotions.ts';
import { sizeOfRecords } from './size.ts';
import { PAYMENTS, seedSurroundings } from './surroundings.ts';
import type { Login } from '../store-api.ts';

export interface FillOptions {
  /** The same seed and number of records give the same store, but for the codes that Vendure gives to orders. */
  readonly seed: number;
  /** About how many, of all kinds together. */
  readonly records: number;
  /** Told what is under way: thousands of records take minutes. */
  readonly say?: (line: string) => void;
}

export interface FilledStore extends OrderWorld {
  readonly around: Around;
}

/** Fills an empty store through its own APIs, with what real shops have and some that they should not have. */
export async function fillStore(
  url: string,
  login: Login,
  { seed, records, say = () => {} }: FillOptions,
): Promise<FilledStore> {
  const bench = await openBench(url, login, seed, sizeOfRecords(records));
  const { size } = bench;
  say(`${size.products} products, ${size.collections} collections`);
  const surroundings = await seedSurroundings(bench);
  const facets = await seedFacets(bench);
  const names = Array.from({ length: Math.ceil(bench.size.products / 2) }, (_, at) => `picture-${at + 1}.png`);
  const pictures = await uploadPictures(bench.admin, names);
  const around: Around = { ...surroundings, facets, pictures, manual: await uploadManual(bench.admin) };
  const products = await seedProducts(bench, around);
  await seedCollections(bench, around, products);
  say(`${size.customers} customers`);
  const { customers, groups } = await seedCustomers(bench);
  const { codes } = await seedPromotions(bench, { facets, products, groups });
  const world: OrderWorld = { surroundings, products, customers, codes };
  say(`${size.orders} orders`);
  await seedOrders(bench, world);
  await seedWhatIsGone(bench, around, customers);
  return { ...world, around };
}

/** A product and a customer that are deleted and have orders; what the orders say of them is all there is. */
async function seedWhatIsGone(bench: SeedBench, around: Around, customers: readonly SeededCustomer[]): Promise<void> {
  const { admin, random, url } = bench;
  const gone = { name: 'Sold and gone', variants: [{ sku: 'GONE-1', price: 2_345, stock: [50] as const }] };
  const product = await createProduct(bench, gone, bench.size.products + 1, around);
  const items = [{ productVariantId: product.variants[0]?.id ?? '', quantity: 3 }];
  const shippingMethod = around.shipping[0];
  const leaver = customers.at(-1);
  if (leaver === undefined) throw new Error('the store has no customers');
  const desk = new OrderDesk(admin);
  await desk.sell({ customerId: leaver.id, items, address: newAddress(random, leaver), shippingMethod });
  const guest = newPerson(random, 'guest-of-what-is-gone@example.test');
  const shippingAddress = newAddress(random, guest);
  const sold = { items, shippingAddress, shippingMethod, payment: PAYMENTS.card, couponCode: 'BIG-12' };
  await Shopper.guest(url, guest).buy(sold);
  await admin.ask(
    `mutation ($product: ID!, $customer: ID!) {
      product: deleteProduct(id: $product) { result }
      customer: deleteCustomer(id: $customer) { result }
    }`,
    { product: product.id, customer: leaver.id },
  );
}
