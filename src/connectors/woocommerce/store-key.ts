import { createHash } from 'node:crypto';

/**
 * The shop's base URL in one form: no trailing slash, no `/wp-json…` that a merchant copied along, no query. Text that
 * is no URL comes back as it is; the network guard refuses it later.
 */
export function normalisedBaseUrl(baseUrl: string): string {
  const trimmed = baseUrl.trim();
  if (!URL.canParse(trimmed)) return trimmed;
  const url = new URL(trimmed);
  const path = url.pathname.replace(/\/wp-json(\/.*)?$/, '').replace(/\/+$/, '');
  return `${url.protocol}//${url.host}${path}`;
}

/**
 * Ten letters that stand for this shop in every external id (P6). The scheme is left out: a shop that moves to https
 * in the middle of a project is the same shop.
 */
export function storeKeyOf(baseUrl: string): string {
  const place = normalisedBaseUrl(baseUrl).replace(/^https?:\/\//, '');
  return createHash('sha256').update(`woocommerce ${place}`).digest('hex').slice(0, 10);
}
