import type { CanonicalProduct } from '../../../domain/product.ts';
import type { MapContext } from '../../target.ts';
import type { Findings } from './findings.ts';

/** The target's default class, for the source's standard rate. */
const DEFAULT_CLASS = 0;
/** Usual id of the class that is never taxed, where none can be told by its name (fidelity §4). */
const NON_TAXABLE_CLASS = 1;

/** Mapping first, then equal names; what no one decided on is taxed at the default rate, and said so (fidelity §11). */
export function taxClassId(
  product: Pick<CanonicalProduct, 'taxStatus' | 'taxClass'>,
  context: Pick<MapContext, 'mapping' | 'source' | 'target'>,
  findings: Findings,
): number {
  if (product.taxStatus === 'shipping') {
    const why = 'only its shipping was taxed: the goods go to the class without tax';
    findings.adjust('tax-status-shipping', 'tax_status', 'shipping', 'non-taxable', why);
  }
  if (product.taxStatus !== 'taxable') return nonTaxable(context);
  const key = product.taxClass;
  const chosen = context.mapping.taxClasses[key];
  if (chosen !== undefined && /^\d+$/.test(chosen)) return Number(chosen);
  if (key === '') return DEFAULT_CLASS;
  if (key === 'zero-rate') return nonTaxable(context);
  const name = context.source.taxClasses.find((known) => known.key === key)?.name ?? key;
  const same = context.target.taxClasses.find((known) => known.name.trim().toLowerCase() === name.trim().toLowerCase());
  if (same !== undefined) return Number(same.id);
  const why = 'the target has no class of that name and the mapping names none';
  findings.adjust('tax-class-fallback', 'tax_class', key, DEFAULT_CLASS, why);
  return DEFAULT_CLASS;
}

function nonTaxable({ target }: Pick<MapContext, 'target'>): number {
  const named = target.taxClasses.find((known) => /non-?\s?taxable/i.test(known.name));
  return Number(named?.id ?? NON_TAXABLE_CLASS);
}
