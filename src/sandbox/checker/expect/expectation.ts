import type { Row } from '../raw/row.ts';
import type { TargetRecord } from '../raw/target-store.ts';
import { metafieldValue } from '../raw/target-store.ts';
import type { Scope } from '../report.ts';
import { sameInstant, sameText } from '../rules/normalise.ts';

/** One field of one record: what the rulebook makes of the source, and how the target is held against it. */
export interface Expectation {
  scope: Scope;
  field: string;
  /** Class and normalisation, or the adjustment key. */
  rule: string;
  source: unknown;
  expected: unknown;
  read: (target: TargetRecord) => unknown;
  agrees: (actual: unknown, target: TargetRecord) => boolean;
}

/** What is expected of one record, and the adjustment keys that apply to it. */
export interface Expected {
  fields: Expectation[];
  adjusted: string[];
}

export interface FieldRule {
  scope: Scope;
  field: string;
  rule: string;
  source?: unknown;
  expected: unknown;
  /** Where it stands; default: in the target's row, under the field's name. */
  read?: (target: TargetRecord) => unknown;
  /** Default: identity. */
  agrees?: (expected: never, actual: unknown) => boolean;
}

/** A field of the target, compared by identity unless told otherwise. */
export function ownField(rule: FieldRule): Expectation {
  const agrees = rule.agrees as ((expected: unknown, actual: unknown) => boolean) | undefined;
  return {
    ...rule,
    source: rule.source ?? rule.expected,
    read: rule.read ?? (({ row }) => row[rule.field]),
    agrees: (actual) => (agrees ? agrees(rule.expected, actual) : rule.expected === actual),
  };
}

/** A field of the product's core. */
export function coreField(rule: Omit<FieldRule, 'scope'>): Expectation {
  return ownField({ scope: 'product-core', ...rule });
}

/** `storeferry/source_id` ends in the source's id (design P6). */
export function sourceIdField(scope: Scope, id: number): Expectation {
  return {
    scope,
    field: 'metafield storeferry/source_id',
    rule: 'EXACT §4 id',
    source: id,
    expected: `<sourceStoreKey>:${id}`,
    read: ({ metafields }) => metafieldValue(metafields, 'storeferry', 'source_id'),
    agrees: (_, target) => target.sourceId === id,
  };
}

export interface MetafieldRule {
  scope: Scope;
  /** Keys under which the value may stand: the rulebook does not name every one. */
  key: string | RegExp;
  rule: string;
  source: unknown;
  expected: string;
  agrees?: (expected: string, actual: string) => boolean;
}

/** A metafield `storeferry/<key>` with a value of its own. */
export function ownMetafield(rule: MetafieldRule): Expectation {
  const { key, expected, agrees = sameText } = rule;
  const values = (metafields: readonly Row[]): string[] =>
    metafields
      .filter((field) => field['namespace'] === 'storeferry' && keyFits(key, String(field['key'])))
      .map((field) => String(field['value']));
  return {
    scope: rule.scope,
    field: `metafield storeferry/${key instanceof RegExp ? key.source : key}`,
    rule: rule.rule,
    source: rule.source,
    expected,
    read: ({ metafields }) => values(metafields),
    agrees: (_, { metafields }) => values(metafields).some((actual) => agrees(expected, actual)),
  };
}

function keyFits(key: string | RegExp, actual: string): boolean {
  return key instanceof RegExp ? key.test(actual) : key === actual;
}

/** For metafields whose layout the rulebook leaves open: every one of these texts stands in it. */
export function holdsAll(texts: readonly string[]): (expected: string, actual: string) => boolean {
  return (_, actual) => {
    const folded = unescapedJson(actual);
    return texts.every((text) => folded.includes(text));
  };
}

function unescapedJson(text: string): string {
  try {
    const strings: string[] = [];
    JSON.parse(text, (key, value: unknown) => {
      strings.push(key);
      if (typeof value === 'string' || typeof value === 'number') strings.push(String(value));
      return value;
    });
    return `${text}\n${strings.join('\n')}`;
  } catch {
    return text;
  }
}

export function sameMoment(expected: string, actual: string): boolean {
  return sameInstant(expected, actual);
}
