import { Big } from 'big.js';
import { stripTags } from '../../../../canonical/plain-text.ts';
import type { CanonicalOrder, CanonicalOrderLine } from '../../../../domain/order.ts';
import type { MapContext } from '../../../target.ts';
import { MODIFIER } from '../../projection/product-children.ts';
import { atFourDecimals } from '../decimals.ts';
import { createFindings, type Findings } from '../findings.ts';
import { BASE_VARIANT, VARIANT } from '../stock.ts';
import { fittingText, type FullTexts } from '../texts.ts';
import { atDecimals, exact, type OrderMoney, withTax } from './money.ts';

/** One line; prices of one piece with four decimals (fidelity N3). Both ids null: a custom line. */
export type OrderLineForm = {
  readonly name: string;
  readonly quantity: number;
  readonly price_ex_tax: string;
  readonly price_inc_tax: string;
  readonly product_id: number | null;
  readonly variant_id: number | null;
  readonly sku: string;
  readonly upc: string;
};

const MAX_NAME = 250;
const MAX_SKU = 255;
const MOST_PIECES = 2_147_483_647;

export function orderLines(
  order: CanonicalOrder,
  context: MapContext,
  money: OrderMoney,
  findings: Findings,
  full: FullTexts,
): readonly OrderLineForm[] {
  if (order.lines.length > 0) return order.lines.map((line) => lineForm(line, context, money, findings, full));
  findings.adjust('empty-order-line', 'line_items', 0, 'Order', 'an order has lines at the target');
  const nothing = { product_id: null, variant_id: null, sku: '', upc: '' };
  return [{ name: 'Order', quantity: 1, price_ex_tax: '0.0000', price_inc_tax: '0.0000', ...nothing }];
}

function lineForm(
  line: CanonicalOrderLine,
  context: MapContext,
  money: OrderMoney,
  findings: Findings,
  full: FullTexts,
): OrderLineForm {
  const at = `lines.${line.sourceId}`;
  const pieces = exact(line.quantity);
  const isWhole = pieces.gte(1) && pieces.lte(MOST_PIECES) && pieces.eq(pieces.round(0, Big.roundDown));
  if (!isWhole) {
    const why = 'the target counts whole pieces: one piece carries the whole line, its name the true quantity';
    findings.adjust('fractional-quantity-folded', `${at}.quantity`, line.quantity, 1, why);
  }
  const quantity = isWhole ? pieces : new Big(1);
  const unit = (amount: Big, field: string) => unitPrice(amount, quantity, `${at}.${field}`, money, findings);
  const catalog = catalogIds(line, context);
  if (catalog === null) {
    const why = 'the product or variation of this line is not at the target as it was sold';
    findings.adjust('order-line-custom', `${at}.product`, line.product, 'custom line', why);
  }
  const upc = line.gtin.replace(/[\s-]/g, '');
  return {
    name: nameOf(line, isWhole ? '' : ` × ${line.quantity}`, at, findings, full),
    quantity: Number(quantity.toFixed(0)),
    price_ex_tax: unit(exact(line.subtotal.amount), 'subtotal'),
    price_inc_tax: unit(withTax(line.subtotal), 'subtotal_inc_tax'),
    ...(catalog ?? { product_id: null, variant_id: null }),
    sku: catalog === null ? fittingText(line.sku, MAX_SKU, `${at}.sku`, findings, full) : '',
    upc: catalog === null && /^\d{6,14}$/.test(upc) ? upc : '',
  };
}

/** From the line's amount before discounts, never from a price that was rounded already (fidelity §7). */
function unitPrice(line: Big, quantity: Big, field: string, money: OrderMoney, findings: Findings): string {
  if (line.lt(0)) {
    findings.adjust('negative-total-clamped', field, line.toString(), '0', 'no amount can be negative');
    return '0.0000';
  }
  // The division itself has twenty decimals.
  const unit = atFourDecimals(line.div(quantity));
  const shown = (amount: Big) => atDecimals(amount, money.decimals);
  if (!shown(unit.times(quantity)).eq(shown(line))) {
    const why = 'a price of one piece has four decimals: the line differs in the smallest unit';
    findings.adjust('line-unit-rounded', field, line.toString(), unit.times(quantity).toString(), why);
  }
  return unit.toFixed(4);
}

/** Choices that the name does not tell already follow it. */
function nameOf(line: CanonicalOrderLine, ending: string, at: string, findings: Findings, full: FullTexts): string {
  const name = fittingText(line.name, Number.MAX_SAFE_INTEGER, `${at}.name`, createFindings(), new Map());
  const untold = line.options
    .map((option) => ({ name: stripTags(option.name), value: stripTags(option.value) }))
    .filter(({ value }) => value !== '' && !tells(name, value));
  const suffix = untold.map((option) => ` (${option.name}: ${option.value})`).join('');
  if (suffix !== '') {
    const why = 'lines have no fields for choices at the target';
    findings.adjust('line-options-in-name', `${at}.name`, line.name, `${name}${suffix}`, why);
  }
  if (name === '') findings.adjust('name-placeholder', `${at}.name`, line.name, 'Item', 'lines have names');
  return fittingText(`${name || 'Item'}${suffix}`, MAX_NAME - ending.length, `${at}.name`, findings, full) + ending;
}

/** As words of their own: an `M` is not told by "Mug". */
function tells(name: string, value: string): boolean {
  return wordsOf(name).includes(wordsOf(value));
}

function wordsOf(text: string): string {
  return ` ${text
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()} `;
}

/** null: the line stands for itself. A product with modifiers, or one of several variants, cannot be told for sure. */
function catalogIds(
  line: CanonicalOrderLine,
  context: MapContext,
): { readonly product_id: number; readonly variant_id: number | null } | null {
  if (line.product === null) return null;
  const ref = { entity: 'product' as const, sourceId: line.product };
  const productId = context.targetIdOf(ref);
  const children = context.childrenOf(ref).filter(({ targetId }) => targetId !== '');
  // A modifier may ask for an answer that the line does not give.
  if (productId === null || children.some(({ kind }) => kind === MODIFIER)) return null;
  const variants = children.filter(({ kind }) => kind === VARIANT);
  const product = { product_id: Number(productId), variant_id: null };
  if (line.variant === null) return variants.length === 0 ? product : null;
  if (children.some(({ kind, sourceId }) => kind === BASE_VARIANT && sourceId === line.variant)) return product;
  const [own, ...copies] = variants.filter(({ sourceId }) => sourceId.split('#')[0] === line.variant);
  return own === undefined || copies.length > 0 ? null : { ...product, variant_id: Number(own.targetId) };
}
