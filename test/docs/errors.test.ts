import { expect, it } from 'vitest';
import { assessmentChecks, failureKinds, problemCodes, unknownForms } from './error-codes.ts';
import { drift, namesIn, NO_DRIFT, rowsOf, section } from './pages.ts';

const PAGE = 'docs/errors.md';

it('names every code of an answer of the API, and no other', () => {
  expect(unknownForms()).toEqual([]);
  const codes = problemCodes();
  expect(codes.length).toBeGreaterThan(40);
  const kinds = failureKinds();
  const named = namesIn(section(PAGE, '## Codes of the API'));
  // What a store said has a table of its own; one word is in both.
  expect(
    drift(
      PAGE,
      named,
      codes.filter((code) => code === 'busy' || !kinds.includes(code)),
    ),
  ).toEqual(NO_DRIFT);
});

it('says a status, a meaning and what to do for each', () => {
  const bare = rowsOf(section(PAGE, '## Codes of the API')).filter(
    (row) => row.length !== 4 || row.some((cell) => cell === '') || !/^[45](\d\d|xx)$/.test(row[1] ?? ''),
  );
  expect(bare).toEqual([]);
});

it('names everything that a request to a store can come to, and no other', () => {
  expect(failureKinds().length).toBeGreaterThan(8);
  expect(drift(PAGE, namesIn(section(PAGE, '## What a store said')), failureKinds())).toEqual(NO_DRIFT);
});

it('names every check of the assessment with its severity, and no other', () => {
  const checks = assessmentChecks();
  expect(checks.size).toBeGreaterThan(20);
  const rows = rowsOf(section(PAGE, '## Checks before a run'));
  const told = new Map(rows.map(([key = '', severity = '']) => [key, severity]));
  expect(drift(PAGE, [...told.keys()], [...checks.keys()])).toEqual(NO_DRIFT);
  expect([...told].filter(([key, severity]) => checks.get(key) !== severity)).toEqual([]);
});
