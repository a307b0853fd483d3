import { expect, it } from 'vitest';
import { completeOptions, licenseProblem } from '../../src/domain/project-options.ts';

const NOW = '2026-11-20T12:00:00.000Z';
const problem = (license: { from: string | null; until: string } | null) =>
  licenseProblem(completeOptions({ license }), NOW);

it('allows runs at any time where there is no license, also by options of before there was one', () => {
  expect(licenseProblem(completeOptions(null), NOW)).toBeUndefined();
  expect(problem(null)).toBeUndefined();
});

it('allows runs from its first instant up to its last', () => {
  expect(problem({ from: NOW, until: '2026-11-20T12:00:01.000Z' })).toBeUndefined();
  expect(problem({ from: null, until: '2027-01-01T00:00:00.000Z' })).toBeUndefined();
});

it('says when it was over, how long ago, and what to do', () => {
  const over = problem({ from: null, until: '2026-11-20T09:30:00.000Z' });
  expect(over).toContain('over at 2026-11-20T09:30:00.000Z, 2 hours ago');
  expect(over).toContain('PATCH /v1/projects/<project>/options');
  expect(problem({ from: null, until: NOW })).toContain('less than an hour ago');
});

it('says when it begins', () => {
  const early = problem({ from: '2026-11-20T13:00:00.000Z', until: '2027-01-01T00:00:00.000Z' });
  expect(early).toContain('begins at 2026-11-20T13:00:00.000Z, in 1 hour');
});
