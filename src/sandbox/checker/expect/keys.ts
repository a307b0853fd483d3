import type { Row } from '../raw/row.ts';
import { idOf, textOf } from '../raw/row.ts';
import type { SourceShop } from '../raw/source-shop.ts';
import { cutAtWord, decodedName, decoded, foldedKey } from '../rules/normalise.ts';
import type { PathForm } from '../rules/paths.ts';
import { exactPath, isAscii, loosePath, pathForm, publicPath, suffixed } from '../rules/paths.ts';
import type { Claim, Claimed } from '../rules/unique-keys.ts';
import { nameWith, settleClaims } from '../rules/unique-keys.ts';
import type { Matrix } from './variation-matrix.ts';

export type Addressed = 'category' | 'brand' | 'product';

/** Every value that must be unique at the target, settled from the source alone (fidelity §3, §12). */
export interface Keys {
  productNames: Map<number, Claimed>;
  brandNames: Map<number, Claimed>;
  /** By source id of a product or variation and place among the combinations of a variation: `12:1`. */
  skus: Map<string, Claimed>;
  /** No entry where the source has no public address. */
  path(entity: Addressed, id: number): (PathForm & { changed: boolean }) | undefined;
}

/** Values that records which are not ours hold at the target already. */
export interface TakenValues {
  productNames: string[];
  brandNames: string[];
  skus: string[];
  paths: string[];
}

export const NOTHING_TAKEN: TakenValues = { productNames: [], brandNames: [], skus: [], paths: [] };

const LONGEST_PRODUCT_NAME = 250;
const LONGEST_BRAND_NAME = 255;
const LONGEST_SKU = 255;
const LONGEST_PATH = 255;

export function settleKeys(shop: SourceShop, matrices: ReadonlyMap<number, Matrix>, taken: TakenValues): Keys {
  const paths = settlePaths(shop, taken.paths);
  return {
    productNames: settleClaims(shop.products.map(productName), foldedKey, taken.productNames),
    brandNames: settleClaims(shop.brands.map(brandName), foldedKey, taken.brandNames),
    skus: settleClaims(skuClaims(shop, matrices), foldedKey, taken.skus),
    path: (entity, id) => paths.get(`${entity} ${id}`),
  };
}

function productName(row: Row): Claim<number> {
  const id = idOf(row['id']);
  const sku = textOf(row['sku']).trim();
  const name = cutAtWord(decodedName(textOf(row['name'])), LONGEST_PRODUCT_NAME);
  const suffixes = [...(sku === '' ? [] : [` (${sku})`]), ` (#${id})`];
  return { id, alternatives: [name, ...suffixes.map((suffix) => nameWith(name, suffix, LONGEST_PRODUCT_NAME))] };
}

function brandName(row: Row): Claim<number> {
  const id = idOf(row['id']);
  const name = cutAtWord(decoded(textOf(row['name'])), LONGEST_BRAND_NAME);
  return { id, alternatives: [name, nameWith(name, ` (#${id})`, LONGEST_BRAND_NAME)] };
}

export function skuKey(id: number, place = 1): string {
  return `${id}:${place}`;
}

/** Products and variations share one SKU space: all of them in ascending source id (fidelity §4, §4.2). */
function skuClaims(shop: SourceShop, matrices: ReadonlyMap<number, Matrix>): Claim<string>[] {
  const claims: (Claim<string> & { order: number; place: number })[] = [];
  for (const product of shop.products) {
    const id = idOf(product['id']);
    claims.push({ ...skuClaim(id, 1, ownSku(product) || `WC-${id}`), order: id, place: 1 });
    for (const cell of matrices.get(id)?.cells ?? []) {
      const variationId = idOf(cell.variation['id']);
      const sku = variantSku(product, cell.variation);
      const value = cell.place === 1 ? sku : `${sku}-${cell.place}`;
      claims.push({ ...skuClaim(variationId, cell.place, value), order: variationId, place: cell.place });
    }
  }
  return claims.sort((a, b) => a.order - b.order || a.place - b.place);
}

function skuClaim(id: number, place: number, wanted: string): Claim<string> {
  const sku = cutAtWord(wanted, LONGEST_SKU);
  return { id: skuKey(id, place), alternatives: [sku, nameWith(sku, `-${id}`, LONGEST_SKU)] };
}

function ownSku(row: Row): string {
  return textOf(row['sku']).trim();
}

/** A variation without a SKU of its own shows its parent's, which must not be sent for it (fidelity §1 T3). */
export function hasOwnSku(product: Row, variation: Row): boolean {
  return ownSku(variation) !== '' && ownSku(variation) !== ownSku(product);
}

function variantSku(product: Row, variation: Row): string {
  if (hasOwnSku(product, variation)) return ownSku(variation);
  return `${ownSku(product) || `WC-${idOf(product['id'])}`}-${idOf(variation['id'])}`;
}

/** First owner by entity, then source id, keeps a path; others get `-<id>` (fidelity §12). */
function settlePaths(shop: SourceShop, taken: readonly string[]): Map<string, PathForm & { changed: boolean }> {
  const groups: [Addressed, readonly Row[]][] = [
    ['category', shop.categories],
    ['brand', shop.brands],
    ['product', shop.products],
  ];
  const paths = new Map<string, PathForm & { changed: boolean }>();
  const exact: Claim<string>[] = [];
  for (const [entity, rows] of groups) {
    for (const row of rows) {
      const [id, wanted] = [idOf(row['id']), addressOf(entity, row)];
      const key = `${entity} ${id}`;
      if (wanted === null) continue;
      const plainPath = withoutAccents(wanted);
      if (!isAscii(plainPath) || plainPath.length > LONGEST_PATH) {
        paths.set(key, { ...loosePath(plainPath, id), changed: true });
      } else exact.push({ id: key, alternatives: [plainPath, suffixed(plainPath, `-${id}`)] });
    }
  }
  for (const [key, { value, changed }] of settleClaims(exact, pathForm, taken)) {
    paths.set(key, { ...exactPath(value), changed });
  }
  return paths;
}

/** Terms have no link in wc/v3 (fidelity §1 T21); a raw state that shows none has no address to keep. */
function addressOf(entity: Addressed, row: Row): string | null {
  const link = textOf(row['permalink']) || textOf(row['link']);
  return entity === 'product' && textOf(row['slug']) === '' ? null : publicPath(link);
}

function withoutAccents(path: string): string {
  return path
    .normalize('NFD')
    .replace(/[\u0300-\u036f]/g, '')
    .normalize('NFC');
}
