import { parseDate } from '../store/zone.ts';
import type { ParamFailure } from './errors.ts';
import { invalidParams, missingParams } from './errors.ts';

interface ParamSpec {
  type: 'integer' | 'string' | 'boolean' | 'date' | 'array' | 'idList' | 'textList' | 'object' | 'any';
  default?: unknown;
  enum?: readonly string[];
  min?: number;
  max?: number;
  required?: boolean;
  nullable?: boolean;
}
export type ParamSpecs = Record<string, ParamSpec>;
export type Params = Record<string, unknown>;

/** Checks and converts what a client sent; unknown names pass through untouched, as WordPress does. */
export function checkParams(given: Params, specs: ParamSpecs, withDefaults: boolean): Params {
  const out: Params = { ...given };
  const failures: Record<string, ParamFailure> = {};
  const missing = Object.keys(specs).filter((name) => specs[name]!.required && given[name] === undefined);
  if (missing.length > 0) throw missingParams(missing);
  for (const [name, spec] of Object.entries(specs)) {
    if (given[name] === undefined) {
      if (withDefaults && spec.default !== undefined) out[name] = spec.default;
      continue;
    }
    const result = checkValue(name, given[name], spec);
    if ('failure' in result) failures[name] = result.failure;
    else out[name] = result.value;
  }
  if (Object.keys(failures).length > 0) throw invalidParams(failures);
  return out;
}

type Checked = { value: unknown } | { failure: ParamFailure };

function checkValue(name: string, value: unknown, spec: ParamSpec): Checked {
  if (value === null && spec.nullable) return { value: null };
  if (spec.type === 'integer') return checkInteger(name, value, spec);
  if (spec.type === 'boolean') return checkBoolean(name, value);
  if (spec.type === 'string') return checkText(name, value, spec);
  if (spec.type === 'date') {
    // Recording "bad date". A date alone is accepted for what clients write, not for filters.
    return typeof value === 'string' && parseDate(value)
      ? { value }
      : { failure: { code: 'rest_invalid_date', message: 'Invalid date.', data: null } };
  }
  if (spec.type === 'idList') return checkIdList(name, value);
  if (spec.type === 'textList') return checkTextList(name, value, spec);
  if (spec.type === 'array') return Array.isArray(value) ? { value } : wrongType(name, 'array');
  if (spec.type === 'object')
    return typeof value === 'object' && value !== null ? { value } : wrongType(name, 'object');
  return { value };
}

function wrongType(name: string, type: string): Checked {
  const message = `${name} is not of type ${type}.`;
  return { failure: { code: 'rest_invalid_type', message, data: { param: name } } };
}

function checkInteger(name: string, value: unknown, spec: ParamSpec): Checked {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  if (typeof number !== 'number' || !Number.isInteger(number)) return wrongType(name, 'integer');
  const { min, max } = spec;
  const outside = (min !== undefined && number < min) || (max !== undefined && number > max);
  if (!outside) return { value: number };
  const message =
    min !== undefined && max !== undefined
      ? `${name} must be between ${min} (inclusive) and ${max} (inclusive)`
      : `${name} must be greater than or equal to ${min}`;
  return { failure: { code: 'rest_out_of_bounds', message, data: null } };
}

function checkBoolean(name: string, value: unknown): Checked {
  if (typeof value === 'boolean') return { value };
  const text = textOf(value).toLowerCase();
  if (['true', '1'].includes(text)) return { value: true };
  if (['false', '0', ''].includes(text)) return { value: false };
  return wrongType(name, 'boolean');
}

function checkText(name: string, value: unknown, spec: ParamSpec): Checked {
  if (typeof value !== 'string') return wrongType(name, 'string');
  return notInEnum(name, [value], spec) ?? { value };
}

function notInEnum(name: string, values: readonly string[], spec: ParamSpec): Checked | null {
  if (!spec.enum || values.every((value) => spec.enum!.includes(value))) return null;
  const message = `${name} is not one of ${spec.enum.join(', ')}.`;
  return { failure: { code: 'rest_not_in_enum', message, data: null } };
}

/** Lists come as an array or as text with commas or blanks between. */
function pieces(value: unknown): string[] {
  if (Array.isArray(value)) return value.map(String);
  return textOf(value)
    .split(/[\s,]+/)
    .filter((piece) => piece !== '');
}

function checkIdList(name: string, value: unknown): Checked {
  const ids = pieces(value).map(Number);
  return ids.every((id) => Number.isInteger(id)) ? { value: ids } : wrongType(`${name}[0]`, 'integer');
}

function checkTextList(name: string, value: unknown, spec: ParamSpec): Checked {
  const texts = pieces(value);
  return notInEnum(`${name}[0]`, texts, spec) ?? { value: texts };
}

/** PHP's reading of a query string: `a[]=1&a[]=2` is a list, the last of equal names wins. */
export function parseQuery(query: string): Params {
  const out: Params = {};
  for (const [key, value] of new URLSearchParams(query)) {
    const list = /^(.+?)\[\d*\]$/.exec(key);
    if (!list) {
      out[key] = value;
      continue;
    }
    const name = list[1]!;
    const held = out[name];
    if (Array.isArray(held)) held.push(value);
    else out[name] = [value];
  }
  return out;
}

/** Text of a scalar; what is no scalar is "". */
export function textOf(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';
}

// Typed reading of checked parameters.
export const text = (params: Params, name: string): string | undefined =>
  typeof params[name] === 'string' ? params[name] : undefined;
export const flag = (params: Params, name: string): boolean => params[name] === true || params[name] === 'true';
export const whole = (params: Params, name: string): number | undefined =>
  typeof params[name] === 'number' ? params[name] : undefined;
export const ids = (params: Params, name: string): number[] =>
  Array.isArray(params[name]) ? (params[name] as unknown[]).map(Number) : [];
export const texts = (params: Params, name: string): string[] =>
  Array.isArray(params[name]) ? (params[name] as unknown[]).map(String) : [];
