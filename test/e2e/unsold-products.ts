import type { LiveStack } from './live-stack.ts';

export interface Goods {
  readonly id: number;
  readonly name: string;
  readonly type: string;
  readonly status: string;
  readonly regular_price: string;
}
/** Without those that are sold, which stay on their orders, and those that share a name, which another keeps: there stores differ by right. */
export async function unsoldProducts(stack: LiveStack): Promise<Goods[]> {
  const { products, orders } = await stack.admin<{
    products: Goods[];
    orders: { line_items: { product_id: number }[] }[];
  }>('source', 'GET', 'state');
  const sold = new Set(orders.flatMap((order) => order.line_items.map((line) => line.product_id)));
  const isTwin = (name: string) => products.filter((other) => other.name === name).length > 1;
  return products.filter(
    ({ id, name, type, status, regular_price: price }) =>
      !isTwin(name) && type === 'simple' && status === 'publish' && price !== '' && !sold.has(id),
  );
}
