import { createRandom, type Random } from '../../../src/sandbox/shared/random.ts';
import { StoreApi, type Login } from '../store-api.ts';
import type { StoreSize } from './size.ts';

/** What the parts of the seeding share: the store's Admin API, one source of chance, and what was made so far. */
export interface SeedBench {
  readonly url: string;
  readonly admin: StoreApi;
  readonly random: Random;
  readonly size: StoreSize;
}

export async function openBench(url: string, login: Login, seed: number, size: StoreSize): Promise<SeedBench> {
  return { url, admin: await StoreApi.admin(url, login), random: createRandom(seed), size };
}

export interface Translation {
  readonly languageCode: 'en' | 'de';
  readonly name: string;
  readonly description?: string;
  readonly slug?: string;
}

/** A name in the shop's own language. */
export function inEnglish(name: string): [Translation] {
  return [{ languageCode: 'en', name }];
}

/** The words of a configurable operation (a filter, a condition, an action): every value goes as text. */
export function operation(code: string, args: Record<string, unknown> = {}): object {
  const values = Object.entries(args).map(([name, value]) => ({
    name,
    value: typeof value === 'string' ? value : JSON.stringify(value),
  }));
  return { code, arguments: values };
}

/** `Café Müller & Söhne` → `cafe-muller-sohne`; what has no Latin letter gets the number alone. */
export function slugOf(text: string, number: number): string {
  const plain = text
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '')
    .slice(0, 60);
  return `${plain}-${number}`.replace(/^-/, 'x-');
}
