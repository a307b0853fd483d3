import { Big } from 'big.js';
import { compareRecord } from '../../../src/sandbox/checker/compare.ts';
import { type Expectation, ownField } from '../../../src/sandbox/checker/expect/expectation.ts';
import { textOf } from '../../../src/sandbox/checker/raw/row.ts';
import type { TargetRecord } from '../../../src/sandbox/checker/raw/target-store.ts';
import type { CheckedEntity, ReportBuilder, Scope } from '../../../src/sandbox/checker/report.ts';
import { plain, sameAmount } from '../../../src/sandbox/checker/rules/normalise.ts';

/** A field of one record in words of the target: what it should be, and where it is not simply the same, what counts as equal. */
export interface Want {
  readonly field: string;
  readonly is: unknown;
  /** Default: in the target's row, under the field's name. */
  readonly read?: (target: TargetRecord) => unknown;
  readonly agrees?: (actual: unknown) => boolean;
}

/** Holds a record against what is wanted of it; each field that does not agree is a finding. */
export function compareWith(
  report: ReportBuilder,
  at: {
    readonly entity: CheckedEntity;
    readonly scope: Scope;
    readonly sourceId: string;
    readonly target: TargetRecord;
  },
  wants: readonly Want[],
): void {
  const { entity, scope, target } = at;
  const fields = wants.map(({ field, is, read, agrees }): Expectation => {
    const rule = { scope, field, rule: 'Vendure', expected: is, ...(read === undefined ? {} : { read }) };
    return { ...ownField(rule), ...(agrees === undefined ? {} : { agrees }) };
  });
  compareRecord(report, { entity, sourceId: Number(at.sourceId), target }, { fields, adjusted: [] });
}

/** An amount in minor units as the target's decimal text. */
export function money(field: string, minor: number, read?: Want['read']): Want {
  const is = decimal(minor);
  return { field, is, agrees: (actual) => sameAmount(is, actual), ...(read === undefined ? {} : { read }) };
}

export function decimal(minor: number): string {
  return new Big(minor).div(100).toFixed(2);
}

/** A text that is kept, or cut where the target has less room. */
export function words(field: string, is: string, longest: number, read?: Want['read']): Want {
  const wanted = plain(is);
  const agrees = (actual: unknown) => {
    const found = plain(textOf(actual));
    return wanted.length <= longest ? found === wanted : found !== '' && wanted.startsWith(found);
  };
  return { field, is: wanted, agrees, ...(read === undefined ? {} : { read }) };
}

/** A name without what a browser would take for a tag: the target shows none in names. */
export function withoutTags(text: string): string {
  return text.replaceAll(/<\/?[a-z][^<>]*>/gi, '');
}

/** A name that the target wants once: kept, cut, or told apart by something in brackets at its end. */
export function name(field: string, is: string, longest: number): Want {
  const wanted = plain(is);
  const agrees = (actual: unknown) => {
    const found = plain(textOf(actual));
    if (found === wanted) return true;
    const head = found.replace(/ \([^()]{1,24}\)$/, '');
    return wanted.length > longest - 26 ? head.length > longest / 2 && wanted.startsWith(head) : head === wanted;
  };
  return { field, is: wanted, agrees };
}
