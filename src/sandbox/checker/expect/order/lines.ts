import { Big } from 'big.js';
import type { Row } from '../../raw/row.ts';
import { idOf, rowsOf, textOf } from '../../raw/row.ts';
import { cutAtWord, decoded, decodedName, plain } from '../../rules/normalise.ts';
import type { Expectation, Expected } from '../expectation.ts';
import { amount, fees, inCurrency } from './money.ts';

const scope = 'order';
const LONGEST = 250;

/** What a line may point to at the target; null where it has to stand for itself. */
export type SoldAs = (line: Row) => { product: number; variant: number | null } | null;

/** Lines in the source's order, each with its name, pieces, price of a piece and goods (fidelity §7). */
export function lineFields(row: Row, soldAs: SoldAs): Expected {
  const lines = rowsOf(row['line_items']);
  const adjusted = [
    ...(lines.length === 0 ? ['empty-order-line'] : []),
    ...(lines.some((line) => soldAs(line) === null) ? ['order-line-custom'] : []),
    ...(lines.some((line) => !isWhole(line)) ? ['fractional-quantity-folded'] : []),
  ];
  const count: Expectation = {
    scope,
    field: 'products',
    rule: 'EXACT §7 line_items',
    source: lines.length,
    expected: Math.max(1, lines.length),
    read: ({ row: target }) => rowsOf(target['products']).length,
    agrees: (actual) => actual === Math.max(1, lines.length),
  };
  return {
    fields: [count, ...lines.flatMap((line, at) => fieldsOfLine(line, at, soldAs(line))), ...feeFields(row)],
    adjusted,
  };
}

function fieldsOfLine(line: Row, at: number, goods: ReturnType<SoldAs>): Expectation[] {
  const read =
    (name: string): Expectation['read'] =>
    ({ row }) =>
      rowsOf(row['products'])[at]?.[name];
  const one = (
    name: string,
    rule: string,
    expected: unknown,
    agrees: (actual: unknown) => boolean = (actual) => actual === expected,
  ): Expectation => ({ scope, field: `products.${name}`, rule, source: expected, expected, read: read(name), agrees });
  const pieces = isWhole(line) ? amount(line['quantity']) : new Big(1);
  const net = amount(line['subtotal']);
  const gross = net.plus(amount(line['subtotal_tax']));
  return [
    one('name', 'EXACT §7 name', decoded(textOf(line['name'])), (actual) => sameName(line, textOf(actual))),
    one('quantity', 'EXACT §7 quantity', Number(pieces.toFixed())),
    one('price_ex_tax', 'EXACT §7 subtotal (N3)', net.div(pieces).toFixed(6), (actual) =>
      samePrice(net, pieces, actual),
    ),
    one('price_inc_tax', 'EXACT §7 subtotal (N3)', gross.div(pieces).toFixed(6), (actual) =>
      samePrice(gross, pieces, actual),
    ),
    one('product_id', goods ? 'EXACT §7 product_id' : 'ADJUSTED order-line-custom', goods?.product ?? 0),
    ...(goods?.variant == null ? [] : [one('variant_id', 'EXACT §7 variation_id', goods.variant)]),
    ...(goods
      ? []
      : [
          one(
            'sku',
            'EXACT §7 sku',
            textOf(line['sku']),
            (actual) => plain(textOf(line['sku'])) === plain(textOf(actual)),
          ),
        ]),
  ];
}

function isWhole(line: Row): boolean {
  const pieces = amount(line['quantity']);
  return pieces.gte(1) && pieces.eq(pieces.round(0, Big.roundDown));
}

/** N3: four decimals a piece; the line within half a cent, or five hundred-thousandths a piece. */
function samePrice(line: Big, pieces: Big, actual: unknown): boolean {
  const wanted = line.lt(0) ? new Big(0) : line;
  const tolerance = Math.max(0.005, 0.00005 * Number(pieces));
  return amount(actual).times(pieces).minus(wanted).abs().lte(tolerance);
}

/** The line's own name, then visible choices that it does not tell yet (`line-options-in-name`). */
function sameName(line: Row, actual: string): boolean {
  const name = decoded(textOf(line['name']));
  if (name === '') return actual !== '';
  if (name.length > LONGEST) return actual.startsWith(cutAtWord(name, LONGEST - 40)) || name.startsWith(actual);
  if (!plain(actual).startsWith(name)) return false;
  const shown = rowsOf(line['meta_data']).filter((meta) => !textOf(meta['key']).startsWith('_'));
  const values = shown.map((meta) => decodedName(textOf(meta['display_value']) || textOf(meta['value'])));
  return (
    actual.length > LONGEST - 40 || values.every((value) => plain(actual).toLowerCase().includes(value.toLowerCase()))
  );
}

/** Fees that are none of a discount, in the source's order. */
function feeFields(row: Row): Expectation[] {
  const currency = textOf(row['currency']);
  const wanted = fees(row).map((fee) => ({
    name: plain(textOf(fee['name'])) || 'Fee',
    net: inCurrency(amount(fee['total']), currency),
    gross: inCurrency(amount(fee['total']).plus(amount(fee['total_tax'])), currency),
  }));
  const same = (actual: Row, at: number): boolean => {
    const fee = wanted[at];
    return (
      fee !== undefined &&
      plain(textOf(actual['display_name_customer'])).startsWith(cutAtWord(fee.name, 200)) &&
      (fee.net.lt(0) ? amount(actual['cost_ex_tax']).eq(0) : amount(actual['cost_ex_tax']).eq(fee.net)) &&
      (fee.gross.lt(0) ? amount(actual['cost_inc_tax']).eq(0) : amount(actual['cost_inc_tax']).eq(fee.gross))
    );
  };
  return [
    {
      scope,
      field: 'fees',
      rule: 'EXACT §7 fee_lines',
      source: wanted.length,
      expected: wanted.map(({ name, net, gross }) => `${name} ${net.toFixed()} ${gross.toFixed()}`),
      read: ({ row: target }) => rowsOf(target['fees']),
      agrees: (actual) => rowsOf(actual).length === wanted.length && rowsOf(actual).every((fee, at) => same(fee, at)),
    },
  ];
}

/** Ids that a line names in the source. */
export function goodsOf(line: Row): { product: number; variation: number } {
  return { product: idOf(line['product_id']), variation: idOf(line['variation_id']) };
}
