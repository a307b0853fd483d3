import { expect, it } from 'vitest';
import { z } from 'zod';
import { status } from '../../src/api/schemas.ts';
import { PHASES } from '../../src/domain/phases.ts';
import { drift, found, namesIn, NO_DRIFT, rowsOf, section, sourcesBelow, textOf } from './pages.ts';

const PAGE = 'docs/understanding-output.md';

/** `run.lag.changes`: every field of an answer; a list's fields are those of its rows. */
function fieldsOf(schema: unknown, path = ''): string[] {
  if (schema instanceof z.ZodNullable || schema instanceof z.ZodOptional) return fieldsOf(schema.unwrap(), path);
  if (schema instanceof z.ZodArray && schema.element instanceof z.ZodObject) return fieldsOf(schema.element, path);
  if (!(schema instanceof z.ZodObject)) return [path];
  return Object.entries(schema.shape).flatMap(([key, inner]) => fieldsOf(inner, path === '' ? key : `${path}.${key}`));
}

/** Names in a literal of the source, from where it begins to where it ends. */
function keysBetween(path: string, from: string, to: string): string[] {
  const text = textOf(path);
  const begin = text.indexOf(from);
  const end = text.indexOf(to, begin);
  if (begin < 0 || end < 0) throw new Error(`${path} has no "${from}" any more`);
  return found(text.slice(begin + from.length, end), /^ *(?:\.\.\.\(.*\? \{ )?(\w+)(?::|,$)/gm);
}

/** Rows of the table whose head begins with this. */
function tableOf(heading: string, head: string): string[] {
  const tables = section(PAGE, heading).split(/\n\n+/);
  const table = tables.find((one) => one.trimStart().startsWith(`| ${head}`));
  if (table === undefined) throw new Error(`${PAGE} has no table "${head}" below "${heading}"`);
  return namesIn(table);
}

it('explains every field of the status', () => {
  const fields = [...fieldsOf(status), 'run'];
  expect(fields.length).toBeGreaterThan(50);
  expect(drift(PAGE, tableOf('## `storeferry status`', 'field'), fields)).toEqual(NO_DRIFT);
});

it('explains every phase and every step', () => {
  expect(drift(PAGE, tableOf('### Phases', 'phase'), PHASES)).toEqual(NO_DRIFT);
  const steps = [
    ...found(textOf('src/activities/index.ts'), /within\((?:ref|refOf\(\w+\)), '([a-z ]+)'/g),
    ...found(textOf('src/activities/index.ts'), /within\(\s*ref,\s*'([a-z ]+)'/g),
    ...found(textOf('src/ledger/runs.ts'), /(?:step =|THEN) '([a-z]+)'/g),
    ...found(textOf('src/ledger/migrations/0001_ledger.sql'), /\bstep +text NOT NULL DEFAULT '([a-z]+)'/g),
  ];
  expect(drift(PAGE, tableOf('### Steps', 'step'), [...new Set(steps)])).toEqual(NO_DRIFT);
});

it('explains why a change is held', () => {
  const applied = sourcesBelow('src/activities/apply').map(textOf).join('\n');
  const reasons = [
    ...found(applied, /to: 'held',\s*reason: '([a-z_ ]+)'/g),
    ...found(textOf('src/ledger/gates.ts'), /MASS_DELETE = '([a-z ]+)'/g),
  ];
  expect(reasons.length).toBe(4);
  expect(drift(PAGE, tableOf('### Held', 'reason'), reasons)).toEqual(NO_DRIFT);
});

it('explains every field of the note of a pass', () => {
  const note = keysBetween('src/activities/review-pass.ts', '  return {\n    records,', '\n  };');
  const facts = keysBetween('src/activities/review-pass.ts', 'return {\n    readBack:', '\n  };');
  const fields = [
    'records',
    ...note.filter((name) => name !== 'readBack'),
    ...['readBack', ...facts, 'edited'].map((name) => `readBack.${name}`),
  ];
  expect(drift(PAGE, tableOf('## `storeferry passes`', 'field of'), fields)).toEqual(NO_DRIFT);
});

it('explains every verdict and every word', () => {
  const [verdicts = ''] = found(textOf('src/api/routes/passes.ts'), /verdict: z\.enum\(\[([^\]]+)\]\)/g);
  expect(drift(PAGE, tableOf('## `storeferry passes`', 'verdict'), found(verdicts, /'(\w+)'/g))).toEqual(NO_DRIFT);
  const words = [...found(textOf('src/ledger/status.ts'), /word\('([a-z ]+)'\)/g), 'adjusted'];
  expect(textOf('src/ledger/records/accounts.ts')).toContain("ADJUSTED = 'adjusted'");
  expect(drift(PAGE, tableOf('## `storeferry passes`', 'word'), words)).toEqual(NO_DRIFT);
});

it('explains every field of a slice and of its comparison', () => {
  const route = 'src/api/routes/passes.ts';
  const slice = keysBetween(route, 'const slice = z.object({', '});');
  expect(drift(PAGE, tableOf('## `storeferry slices`', 'field'), slice)).toEqual(NO_DRIFT);
  const comparison = keysBetween(route, 'const comparison = z.object({', '});');
  expect(comparison.length).toBeGreaterThan(3);
  const told = section(PAGE, '## `storeferry slices`');
  expect(comparison.filter((name) => !told.includes(`\`${name}\``)).map((name) => `${PAGE} lacks ${name}`)).toEqual([]);
});

it('says something of each', () => {
  expect(rowsOf(textOf(PAGE)).filter((row) => row.some((cell) => cell === ''))).toEqual([]);
});
