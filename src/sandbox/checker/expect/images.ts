import type { Row } from '../raw/row.ts';
import { idOf, rowOf, rowsOf, textOf } from '../raw/row.ts';
import type { TargetRecord } from '../raw/target-store.ts';
import { decoded, isNothing, sameTexts } from '../rules/normalise.ts';
import type { Context } from './context.ts';
import type { Expectation, Expected } from './expectation.ts';

const scope = 'product-images';

/** Count, order, alternative texts and main picture (fidelity §4 `images[]`). */
export function expectedImages(context: Context, product: Row): Expected {
  const all = distinct(rowsOf(product['images']).filter((image) => !isPlaceholder(image)));
  const images = all.filter(context.isReachable);
  const field = (name: string, rule: string, expected: unknown, read: Expectation['read']): Expectation => ({
    scope,
    field: name,
    rule,
    source: all.map((image) => textOf(image['src'])),
    expected,
    read,
    agrees: (actual) => JSON.stringify(actual) === JSON.stringify(expected),
  });
  const alts = images.map((image) => decoded(textOf(image['alt'])));
  const stems = images.map((image) => fileStem(textOf(image['src'])));
  const main = images.length > 0 ? [0] : [];
  return {
    fields: [
      field('images count', 'EXACT §4 images (count)', images.length, (target) => imagesOf(target).length),
      {
        ...field('images alt', 'EXACT §4 images (order, alt)', alts, altsOf),
        agrees: (actual) => sameTexts(alts, actual as string[]),
      },
      {
        ...field('images order', 'EXACT §4 images (order)', stems, stemsOf),
        agrees: (actual) => (actual as string[]).every((stem, at) => stem === '' || isFile(stems[at], stem)),
      },
      field('images thumbnail', 'EXACT §4 images (thumbnail)', main, thumbnailsOf),
    ],
    adjusted: [],
  };
}

/** The target names files anew but keeps their stem in front; an uploaded one has no address to compare. */
function isFile(expected: string | undefined, actual: string): boolean {
  return (
    expected !== undefined &&
    (actual === expected || actual.startsWith(`${expected}_`) || actual.startsWith(`${expected}.`))
  );
}

/** The same attachment twice is one picture. */
function distinct(images: readonly Row[]): Row[] {
  const seen = new Set<string>();
  return images.filter((image) => {
    const key = idOf(image['id']) > 0 ? `id ${idOf(image['id'])}` : textOf(image['src']);
    return !seen.has(key) && Boolean(seen.add(key));
  });
}

function isPlaceholder(image: Row): boolean {
  return /\/woocommerce-placeholder[^/]*$/.test(textOf(image['src']));
}

function imagesOf({ row }: TargetRecord): Row[] {
  return rowsOf(row['images']).toSorted((a, b) => idOf(a['sort_order']) - idOf(b['sort_order']));
}

function altsOf(target: TargetRecord): string[] {
  return imagesOf(target).map((image) => textOf(image['description']));
}

function stemsOf(target: TargetRecord): string[] {
  return imagesOf(target).map((image) =>
    fileStem(textOf(image['image_url']) || textOf(image['url_standard']) || textOf(image['image_file'])),
  );
}

function thumbnailsOf(target: TargetRecord): number[] {
  return imagesOf(target).flatMap((image, at) => (image['is_thumbnail'] === true ? [at] : []));
}

function fileStem(address: string): string {
  const last =
    address
      .replace(/[?#].*$/, '')
      .split('/')
      .at(-1) ?? '';
  return last.replace(/\.[a-z0-9]+$/i, '').toLowerCase();
}

/** Picture of a variation; one that is its parent's main picture is inherited (fidelity §1 T3). */
export function variantImage(context: Context, product: Row, variation: Row): Expectation {
  const image = rowOf(variation['image']);
  const parents = rowsOf(product['images'])[0];
  const inherited = parents !== undefined && idOf(image['id']) === idOf(parents['id']);
  const expected = !inherited && !isPlaceholder(image) && context.isReachable(image);
  const stem = fileStem(textOf(image['src']));
  return {
    scope: 'variants',
    field: 'image_url',
    rule: 'EXACT §4.2 image (present)',
    source: image['src'] ?? null,
    expected: expected ? stem : '',
    read: ({ row }) => row['image_url'],
    agrees: (actual) => (expected ? !isNothing(actual) && isFile(stem, fileStem(textOf(actual))) : isNothing(actual)),
  };
}
