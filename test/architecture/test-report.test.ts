import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import configuration from '../../vitest.config.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const program = join(root, '.ci/test-report.mjs');

let folder: string;
let file: string;
let second: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'storeferry-test-'));
  file = join(folder, 'report.json');
  second = join(folder, 'second.json');
});
afterEach(() => rmSync(folder, { recursive: true }));

type Status = 'passed' | 'failed' | 'pending' | 'todo';
const PLACES = {
  unit: 'domain',
  contract: 'contract',
  interleavings: 'interleavings',
  replay: 'replay',
  workflow: 'workflow',
  e2e: 'e2e',
  proof: 'proof',
};

/** A report with one passed test in each project, then with these suites added. */
function report(
  suites: { place: string; statuses: Status[]; broken?: true }[] = [],
  places = Object.values(PLACES),
  into = file,
): void {
  const all = [...places.map((place) => ({ place, statuses: ['passed'] as Status[], broken: undefined })), ...suites];
  const statuses = all.flatMap((suite) => suite.statuses);
  const count = (status: Status) => statuses.filter((other) => other === status).length;
  const testResults = all.map((suite) => ({
    name: join(root, 'test', suite.place, 'some.test.ts'),
    status: suite.broken === true || suite.statuses.includes('failed') ? 'failed' : 'passed',
    assertionResults: suite.statuses.map((status) => ({ status, fullName: `in ${suite.place}` })),
  }));
  const success = testResults.every(({ status }) => status === 'passed');
  writeFileSync(
    into,
    JSON.stringify({ numPassedTests: count('passed'), numFailedTests: count('failed'), success, testResults }),
  );
}

const totals = (...files: string[]) =>
  execFileSync(process.execPath, [program, 'totals', file, ...files], { cwd: root, encoding: 'utf8' });
const check = (...files: string[]) =>
  spawnSync(process.execPath, [program, 'check', file, ...files], { cwd: root, encoding: 'utf8' });

/** The projects that a script of package.json names. */
const asked = (script: string) => [...script.matchAll(/--project (\S+)/g)].map(([, name]) => name);

test('a run in which every project ran and nothing was skipped holds', () => {
  report();
  expect(totals()).toBe('7 passed, 0 failed\n');
  expect(check().status).toBe(0);
});

test('failed tests and files that could not be loaded are both counted as failed', () => {
  report([
    { place: 'domain', statuses: ['failed', 'passed'] },
    { place: 'e2e', statuses: [], broken: true },
  ]);
  expect(totals()).toBe('8 passed, 2 failed\n');
  expect(check()).toMatchObject({ status: 1, stderr: 'the run was not a success\n' });
});

test.each(['pending', 'todo'] as const)('a %s test is not let through', (status) => {
  report([{ place: 'replay', statuses: [status] }]);
  expect(check()).toMatchObject({ status: 1, stderr: `${status}: in replay\n` });
});

test.each(Object.entries(PLACES))('a run without a test of project %s is not let through', (name, place) => {
  report(
    [],
    Object.values(PLACES).filter((other) => other !== place),
  );
  expect(check()).toMatchObject({ status: 1, stderr: `project ${name} ran no test\n` });
});

test('without a report nothing has passed', () => {
  expect(totals()).toBe('0 passed, 0 failed\n');
  expect(check().status).toBe(1);
});

test('two reports are taken together: each project ran in one of them', () => {
  report([], Object.values(PLACES).slice(0, -1));
  report([], ['proof'], second);
  expect(totals(second)).toBe('7 passed, 0 failed\n');
  expect(check(second)).toMatchObject({ status: 0, stderr: '' });
});

test('what is wrong in the second report counts as much', () => {
  report([], Object.values(PLACES).slice(0, -1));
  report(
    [
      { place: 'proof', statuses: ['pending'] },
      { place: 'proof', statuses: [], broken: true },
    ],
    ['proof'],
    second,
  );
  expect(totals(second)).toBe('7 passed, 1 failed\n');
  expect(check(second)).toMatchObject({ status: 1, stderr: 'pending: in proof\nthe run was not a success\n' });
});

test('a second report that was not written is missed, and what the first one says still counts', () => {
  report([], Object.values(PLACES).slice(0, -1));
  expect(totals(second)).toBe('6 passed, 0 failed\n');
  expect(check(second)).toMatchObject({ status: 1, stderr: 'no test report was written\n' });
});

test('`npm test` asks for every project but the one that `npm run proof` asks for', () => {
  const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    scripts: Record<'test' | 'proof', string>;
  };
  expect(new Set(asked(scripts.test))).toEqual(new Set(Object.keys(PLACES).filter((name) => name !== 'proof')));
  expect(asked(scripts.proof)).toEqual(['proof']);
});

test('the projects that are asked for are those of the test configuration', () => {
  const projects = (configuration.test?.projects ?? []) as { test: { name: string } }[];
  expect(projects.map(({ test: { name } }) => name).toSorted()).toEqual(Object.keys(PLACES).toSorted());
});
