import type { LiveStack } from './live-stack.ts';

interface SourceState {
  products: { id: number; status: string; sku: string; type: string; regular_price: string }[];
  brands: { id: number }[];
  categories: { id: number; slug: string; count: number }[];
}
interface TargetState {
  products: {
    id: number;
    name: string;
    sku: string;
    price: number;
    metafields: { namespace: string; key: string; value: string }[];
  }[];
  brands: { id: number }[];
  categories: { category_id: number }[];
  outbox: unknown[];
}

/** What is lost, doubled or different between the two stores' raw states, paired by the marker; shares nothing with the product. */
export async function compareStores(stack: LiveStack): Promise<string[]> {
  const source = await stack.admin<SourceState>('source', 'GET', 'state');
  const target = await stack.admin<TargetState>('target', 'GET', 'state');
  const marked = new Map<string, TargetState['products']>();
  for (const product of target.products) {
    const marker = product.metafields.find(
      (field) => field.namespace === 'storeferry' && field.key === 'source_id',
    )?.value;
    const id = marker?.split(':')[1];
    if (id !== undefined) marked.set(id, [...(marked.get(id) ?? []), product]);
  }
  const wrong: string[] = [];
  for (const product of source.products) {
    const pairs = marked.get(String(product.id)) ?? [];
    const carried = product.status !== 'trash' && product.status !== 'auto-draft';
    if (carried && pairs.length !== 1)
      wrong.push(`product ${product.id} (${product.type}) is ${pairs.length} times at the target`);
    const pair = pairs[0];
    if (pair === undefined) continue;
    if (
      product.type === 'simple' &&
      product.regular_price !== '' &&
      Number(product.regular_price).toFixed(2) !== pair.price.toFixed(2)
    ) {
      wrong.push(`product ${product.id} costs ${pair.price}, should cost ${product.regular_price}`);
    }
  }
  const ours = [...marked.values()].flat().length;
  const foreign = target.products.filter((product) => product.name.startsWith('Merchant'));
  if (ours + foreign.length !== target.products.length)
    wrong.push(`${target.products.length - ours - foreign.length} products at the target carry no marker`);
  if (target.brands.length !== source.brands.length)
    wrong.push(`${target.brands.length} brands, should be ${source.brands.length}`);
  if (target.outbox.length > 0) wrong.push(`${target.outbox.length} mails were sent`);
  return wrong;
}
