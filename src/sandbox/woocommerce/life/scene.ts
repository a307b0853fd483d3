import type { Happening } from '../../shared/life/life.ts';
import type { Random } from '../../shared/random.ts';
import type { Params } from '../rest/params.ts';
import { adjectives, descriptions, nouns, uglyNames } from '../seed/words.ts';
import { places } from '../store/money.ts';
import type { Shop } from '../store/shop.ts';
import type { ShopApi } from './shop-api.ts';

/** What an event of the shop's life has at hand. Whatever it draws comes from `random`, whatever it writes goes through `api`. */
export interface ShopScene {
  shop: Shop;
  random: Random;
  api: ShopApi;
}

export type ShopHappening = Happening<ShopScene>;

/** An amount as clients write it, with the decimals of the shop's currency. */
export function amount({ shop, random }: ShopScene, low: number, high: number): string {
  return (random.int(low * 100, high * 100) / 100).toFixed(places(shop));
}

/** Like no other: the next id of the shared sequence is in it. Ids never come back, so neither does this. */
export function freshCode({ shop }: ShopScene): string {
  return String(shop.sequences.post + 1);
}

export function productName(scene: ShopScene): string {
  const { random } = scene;
  if (random.chance(0.15)) return `${random.pick(uglyNames)} ${freshCode(scene)}`;
  return `${random.pick(adjectives)} ${random.pick(nouns)} ${freshCode(scene)}`;
}

export function someText({ random }: ShopScene): string {
  return `${random.pick(descriptions)}\n\nEdition ${random.int(2, 9_999)}.`;
}

export function idOf(row: Params): number {
  return Number(row['id']);
}
