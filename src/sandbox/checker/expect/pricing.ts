import { Big } from 'big.js';
import type { Row } from '../raw/row.ts';
import { idOf, textOf } from '../raw/row.ts';
import type { SourceShop } from '../raw/source-shop.ts';
import { fourDecimals, isRounded } from '../rules/normalise.ts';
import { kindOf } from './product-kind.ts';
import type { Matrix } from './variation-matrix.ts';

export interface ExpectedPrices {
  /** As the source writes it; `''` for none, which the target shows as 0, disabled and hidden. */
  regular: string;
  /** `''` unless the sale runs. */
  sale: string;
  /** Prices that are right as well. */
  also: string[];
  adjusted: string[];
}

/** Prices of a product (fidelity §4 `regular_price`, `sale_price`). */
export function productPrices(shop: SourceShop, product: Row, matrix: Matrix | undefined): ExpectedPrices {
  const { price } = kindOf(product);
  if (price === 'none') return { regular: '', sale: '', also: [], adjusted: [] };
  if (price === 'own') return sellablePrices(product);
  const published = shop.variationsOf(idOf(product['id'])).filter((row) => row['status'] === 'publish');
  const carried = published.filter((row) => isCarried(row, matrix));
  const regular = lowest(carried);
  // A base variant has no prices of its own: those of its variation stand at the product.
  const sale = matrix?.base && published.includes(matrix.base) ? sellablePrices(matrix.base).sale : '';
  const adjusted = regular === '' ? ['no-price-unpurchasable'] : rounded(regular);
  // Whether a variation that is dropped as a duplicate still counts for the lowest price is left open.
  return { regular, sale, also: [lowest(published)], adjusted };
}

function isCarried(variation: Row, matrix: Matrix | undefined): boolean {
  if (!matrix || matrix.overLimit) return true;
  return variation === matrix.base || matrix.cells.some((cell) => cell.variation === variation);
}

function lowest(variations: readonly Row[]): string {
  const prices = variations.map((row) => textOf(row['regular_price'])).filter((text) => fourDecimals(text) !== null);
  return prices.toSorted((a, b) => new Big(a).cmp(b))[0] ?? '';
}

/** Prices of a simple product or a variation. The source itself says whether a sale runs (fidelity §1 T9). */
export function sellablePrices(row: Row): ExpectedPrices {
  const regular = textOf(row['regular_price']);
  const sale = row['on_sale'] === true ? textOf(row['sale_price']) : '';
  return {
    regular,
    sale,
    also: [],
    adjusted: [
      ...(regular === '' ? ['no-price-unpurchasable'] : []),
      ...rounded(regular, sale),
      ...(saleDates(row).length > 0 ? ['sale-schedule-dropped'] : []),
    ],
  };
}

/** Days on which a sale begins and ends, in UTC; the target has no sale calendar. */
export function saleDates(row: Row): string[] {
  return ['date_on_sale_from_gmt', 'date_on_sale_to_gmt']
    .map((name) => textOf(row[name]))
    .filter((text) => text !== '');
}

function rounded(...prices: string[]): string[] {
  return prices.some((price) => isRounded(price)) ? ['price-rounded'] : [];
}
