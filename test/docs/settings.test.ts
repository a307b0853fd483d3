import { SOURCE_ENVIRONMENT } from '../../src/connectors/platforms.ts';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { fileSchema } from '../../src/config/schema.ts';
import { parseSettings } from '../../src/config/settings-file.ts';
import { DEFAULT_WEIGHTS } from '../../src/domain/points.ts';
import { completeOptions } from '../../src/domain/project-options.ts';
import { RATE_LIMITS } from '../../src/domain/rates.ts';
import { DEFAULT_RUN_OPTIONS } from '../../src/domain/run-options.ts';
import { drift, found, namesIn, NO_DRIFT, rowsOf, section, sourcesBelow, textOf } from './pages.ts';

const PAGE = 'docs/settings.md';

/** `api.port`: every key below which there are no further named ones. */
function keysOf(schema: unknown, path = ''): string[] {
  if (schema instanceof z.ZodPrefault || schema instanceof z.ZodDefault || schema instanceof z.ZodOptional) {
    return keysOf(schema.unwrap(), path);
  }
  if (!(schema instanceof z.ZodObject)) return [path];
  return Object.entries(schema.shape).flatMap(([key, inner]) => keysOf(inner, path === '' ? key : `${path}.${key}`));
}

function valueAt(holder: unknown, key: string): unknown {
  return key
    .split('.')
    .reduce<unknown>((value, name) => (value as Record<string, unknown> | undefined)?.[name], holder);
}

/** Cells below a heading, by the name in the first. */
function cellsBelow(heading: string): Map<string, string[]> {
  return new Map(rowsOf(section(PAGE, heading)).map(([name = '', ...cells]) => [name, cells]));
}

/** A default as the page writes it; what is no plain value is told in words. */
function isTold(cell: string | undefined, value: unknown): boolean {
  if (value === undefined || value === null || value === '') return cell !== undefined && !/\d/.test(cell);
  if (Array.isArray(value)) return value.length === 0 || cell === value.join(', ');
  return typeof value === 'object' || cell === JSON.stringify(value).replaceAll('"', '');
}

it('names every key of the settings file with its default, and no other', () => {
  const keys = keysOf(fileSchema);
  expect(keys.length).toBeGreaterThan(40);
  expect(drift(PAGE, namesIn(section(PAGE, '## The settings file')), keys)).toEqual(NO_DRIFT);
  const defaults = parseSettings('', 'defaults');
  const cells = cellsBelow('## The settings file');
  const wrong = keys.filter((key) => !isTold(cells.get(key)?.[1], valueAt(defaults, key)));
  expect(wrong.map((key) => `${PAGE}: ${key} is ${String(valueAt(defaults, key))} by default`)).toEqual([]);
});

it('names every section in the file that comes along, or says why not', () => {
  const file = textOf('temporal-dev.yml');
  const sections = Object.keys(fileSchema.shape).filter((name) => !new RegExp(`^${name}:`, 'm').test(file));
  expect(sections.map((name) => `temporal-dev.yml has no ${name}`)).toEqual([]);
});

it('names every environment variable that is read, and no other', () => {
  const declared = found(textOf('src/config/environment.ts'), /^ {2}([A-Z][A-Z_]+):/gm);
  const read = sourcesBelow('src')
    .filter((path) => !path.startsWith('src/sandbox/'))
    .flatMap((path) => found(textOf(path), /\b(?:env|variables)\['([A-Z][A-Z_]+)'\]/g));
  const credentials = Object.values(SOURCE_ENVIRONMENT).flatMap((variables) => Object.values(variables));
  const real = [...new Set([...declared, ...read, ...credentials])].filter((name) => name !== 'PATH');
  expect(real.length).toBeGreaterThan(15);
  expect(drift(PAGE, namesIn(section(PAGE, '## The environment')), real)).toEqual(NO_DRIFT);
});

it("names every option of a project with its default, and the entities' weights", () => {
  const options = completeOptions(null);
  const keys = Object.entries(options).flatMap(([key, value]) =>
    key === 'stopRules' || key === 'alerts' ? Object.keys(value as object).map((one) => `${key}.${one}`) : [key],
  );
  expect(drift(PAGE, namesIn(section(PAGE, "## A project's options")), keys)).toEqual(NO_DRIFT);
  const cells = cellsBelow("## A project's options");
  const wrong = keys.filter((key) => !isTold(cells.get(key)?.[1], valueAt(options, key)));
  expect(wrong.map((key) => `${PAGE}: ${key} is ${String(valueAt(options, key))} by default`)).toEqual([]);
  const weights = Object.entries(DEFAULT_WEIGHTS).map(([entity, points]) => `${entity} ${points}`);
  expect(section(PAGE, "## A project's options")).toContain(`${weights.join(', ')} by default`);
});

it('names every option of a run with its default', () => {
  const cells = cellsBelow("## A run's options");
  expect(drift(PAGE, [...cells.keys()], ['kind', ...Object.keys(DEFAULT_RUN_OPTIONS)])).toEqual(NO_DRIFT);
  const wrong = Object.entries(DEFAULT_RUN_OPTIONS).filter(([key, value]) => !isTold(cells.get(key)?.[1], value));
  expect(wrong.map(([key, value]) => `${PAGE}: ${key} is ${String(value)} by default`)).toEqual([]);
});

it('names every rate with its bounds and its default', () => {
  const cells = cellsBelow('## Rates');
  expect(drift(PAGE, [...cells.keys()], Object.keys(RATE_LIMITS))).toEqual(NO_DRIFT);
  for (const [rate, { least, most }] of Object.entries(RATE_LIMITS)) {
    expect([PAGE, rate, ...(cells.get(rate) ?? []).slice(2, 4)]).toEqual([PAGE, rate, String(least), String(most)]);
  }
  const workers = textOf('src/worker/worker-activities.ts');
  expect(workers).toContain(`STORE_CONCURRENCY = ${cells.get('concurrency')?.[1]}`);
  expect(textOf('src/ledger/quota/quota-governor.ts')).toContain(
    `reservePercent = ${cells.get('reservePercent')?.[1]},`,
  );
});
