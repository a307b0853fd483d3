import type { ProductRow } from '../store/rows.ts';
import type { Shop } from '../store/shop.ts';
import type { Priced } from './sellable.ts';

/** The storefront's markup of a price (recordings "create simple product", "get variable product"). */
export function priceHtml(shop: Shop, product: ProductRow, priced: Priced): string {
  if (priced.price === '') return '';
  if (priced.low !== priced.high) return `${amount(shop, priced.low)} &ndash; ${amount(shop, priced.high)}`;
  if (!priced.onSale || product.type !== 'simple') return amount(shop, priced.price);
  const was = amount(shop, product.regularPrice);
  const now = amount(shop, product.salePrice);
  return (
    `<del aria-hidden="true">${was}</del> ${spoken('Original price was', product.regularPrice)}` +
    `<ins aria-hidden="true">${now}</ins>${spoken('Current price is', product.salePrice)}`
  );
}

function spoken(text: string, price: string): string {
  return `<span class="screen-reader-text">${text}: &#036;${rounded(price)}.</span>`;
}

function amount(shop: Shop, price: string): string {
  const currency = shop.settings['general']?.['woocommerce_currency'] === 'EUR' ? '&euro;' : '&#36;';
  const symbol = `<span class="woocommerce-Price-currencySymbol">${currency}</span>`;
  return `<span class="woocommerce-Price-amount amount"><bdi>${symbol}${rounded(price)}</bdi></span>`;
}

function rounded(price: string): string {
  return Number(price).toFixed(2);
}
