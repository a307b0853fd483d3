import { decodedText, tidyText } from '../../../canonical/plain-text.ts';
import type { Json } from '../../../domain/json.ts';
import type {
  CanonicalFee,
  CanonicalOrderLine,
  CanonicalShippingLine,
  CanonicalTaxLine,
  TaxedAmount,
} from '../../../domain/order.ts';
import type { MetaField } from '../../../domain/record.ts';
import { metaFields } from '../products/meta-fields.ts';
import type { WireLine, WireOrder } from './order-schema.ts';

type WireMeta = WireLine['meta_data'];

const NONE = '0';

export function taxedAmount(amount: string | null, tax: string | null): TaxedAmount {
  return { amount: amount ?? NONE, tax: tax ?? NONE };
}

/** A line names its product even after that is gone, or no longer (fidelity T12); its name comes encoded (T1). */
export function orderLine(row: WireLine): CanonicalOrderLine {
  return {
    sourceId: row.id,
    name: decodedText(row.name),
    product: row.product_id === '' ? null : row.product_id,
    variant: row.variation_id === '' ? null : row.variation_id,
    sku: row.sku,
    gtin: row.global_unique_id,
    quantity: row.quantity ?? NONE,
    subtotal: taxedAmount(row.subtotal, row.subtotal_tax),
    total: taxedAmount(row.total, row.total_tax),
    taxClass: row.tax_class,
    taxes: row.taxes,
    options: shownOptions(row.meta_data),
    meta: stored(row.meta_data),
  };
}

/** Keys that begin with an underscore are not shown to anybody (fidelity §7). */
function shownOptions(rows: WireMeta): CanonicalOrderLine['options'] {
  return rows
    .filter(({ key }) => key !== '' && !key.startsWith('_'))
    .map(({ key, value, display_key: name, display_value: shown }) => ({
      name: decodedText(name || key),
      value: decodedText(words(shown ?? value)),
    }))
    .filter(({ value }) => value !== '');
}

function words(value: Json): string {
  if (value === null) return '';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/** As they are stored: what is shown of them can be made again. */
function stored(rows: WireMeta): readonly MetaField[] {
  return metaFields(rows).meta;
}

export function shippingLine(row: WireOrder['shipping_lines'][number]): CanonicalShippingLine {
  return {
    sourceId: row.id,
    title: tidyText(row.method_title),
    method: row.method_id,
    instance: row.instance_id,
    total: taxedAmount(row.total, row.total_tax),
    taxes: row.taxes,
    meta: stored(row.meta_data),
  };
}

export function feeLine(row: WireOrder['fee_lines'][number]): CanonicalFee {
  return {
    sourceId: row.id,
    name: tidyText(row.name),
    total: taxedAmount(row.total, row.total_tax),
    taxClass: row.tax_class,
    taxes: row.taxes,
    meta: stored(row.meta_data),
  };
}

export function taxLine(row: WireOrder['tax_lines'][number]): CanonicalTaxLine {
  return {
    code: row.rate_code,
    label: tidyText(row.label),
    compound: row.compound,
    percent: row.rate_percent,
    total: row.tax_total ?? NONE,
    shippingTotal: row.shipping_tax_total ?? NONE,
  };
}
