import type { Shop } from '../store/shop.ts';
export function seedCatalogue(_shop: Shop, _seed: number, _size: { products: number }): Record<string, number> {
  return {};
}
