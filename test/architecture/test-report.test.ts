import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import configuration from '../../vitest.config.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const program = join(root, '.ci/test-report.mjs');

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'storeferry-test-'));
  file = join(folder, 'report.json');
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
};

/** A report with one passed test in each project, then with these suites added. */
function report(
  suites: { place: string; statuses: Status[]; broken?: true }[] = [],
  places = Object.values(PLACES),
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
    file,
    JSON.stringify({ numPassedTests: count('passed'), numFailedTests: count('failed'), success, testResults }),
  );
}

const totals = () => execFileSync(process.execPath, [program, 'totals', file], { cwd: root, encoding: 'utf8' });
const check = () => spawnSync(process.execPath, [program, 'check', file], { cwd: root, encoding: 'utf8' });

test('a run in which every project ran and nothing was skipped holds', () => {
  report();
  expect(totals()).toBe('6 passed, 0 failed\n');
  expect(check().status).toBe(0);
});

test('failed tests and files that could not be loaded are both counted as failed', () => {
  report([
    { place: 'domain', statuses: ['failed', 'passed'] },
    { place: 'e2e', statuses: [], broken: true },
  ]);
  expect(totals()).toBe('7 passed, 2 failed\n');
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

test('the projects that are asked for are those of the test configuration', () => {
  const projects = (configuration.test?.projects ?? []) as { test: { name: string } }[];
  expect(projects.map(({ test: { name } }) => name).toSorted()).toEqual(Object.keys(PLACES).toSorted());
});
