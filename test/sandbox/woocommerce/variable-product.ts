import type { Row, TestShop } from './shop.ts';

/** A boot in two colours and two sizes, without variations yet; returns its id. */
export async function variableProduct(shop: TestShop, extra: Row = {}): Promise<number> {
  await shop.post('/products/attributes', { name: 'Colour', slug: 'colour' });
  const answer = await shop.post('/products', {
    name: 'Boot',
    type: 'variable',
    sku: 'BOOT',
    weight: '1.5',
    tax_class: 'reduced-rate',
    dimensions: { length: '10', width: '', height: '' },
    images: [{ src: 'https://pictures.example.test/boot.jpg', alt: 'A boot' }],
    attributes: [
      { id: 1, variation: true, visible: true, options: ['Red & White', 'Blue'] },
      { name: 'Size', variation: true, options: ['40', '41|42'] },
    ],
    ...extra,
  });
  return answer.body['id'] as number;
}
