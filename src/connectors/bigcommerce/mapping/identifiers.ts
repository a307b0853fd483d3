import type { Findings } from './findings.ts';

export interface Identifiers {
  readonly gtin: string;
  readonly upc: string;
  /** What is no number of that kind and travels as a metafield; '' = none. */
  readonly rest: string;
}

/** GTIN without blanks and hyphens; twelve digits are a UPC too (fidelity §4 `global_unique_id`). */
export function identifiers(typed: string, field: string, findings: Findings): Identifiers {
  const digits = typed.replace(/[\s-]/g, '');
  if (digits === '') return { gtin: '', upc: '', rest: '' };
  if (/^(\d{8}|\d{12}|\d{13}|\d{14})$/.test(digits)) {
    return { gtin: digits, upc: digits.length === 12 ? digits : '', rest: '' };
  }
  findings.adjust('gtin-not-numeric', field, typed, `storeferry/gtin`, 'the target takes 8, 12, 13 or 14 digits');
  return { gtin: '', upc: '', rest: typed };
}
