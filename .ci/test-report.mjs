// Reads vitest's JSON report: `totals` prints `N passed, N failed`; `check` fails when a project of vitest.config.ts
// ran no test, or when any test was skipped or left to do.
import { existsSync, readFileSync } from 'node:fs';
import { relative, sep } from 'node:path';

/** Folders of test/ that are projects of their own; everything else belongs to `unit`. */
const PROJECTS = ['contract', 'interleavings', 'replay', 'workflow', 'e2e'];

const [command, file] = process.argv.slice(2);
const report = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined;

if (command === 'totals') console.log(totals(report));
else process.exitCode = check(report);

function totals(ran) {
  if (ran === undefined) return '0 passed, 0 failed';
  // A file that could not even be loaded counts as one failure: it holds no test of its own.
  const broken = ran.testResults.filter((suite) => suite.status === 'failed' && suite.assertionResults.length === 0);
  return `${ran.numPassedTests} passed, ${ran.numFailedTests + broken.length} failed`;
}

function check(ran) {
  if (ran === undefined) return complain(['no test report was written']);
  const counts = new Map(['unit', ...PROJECTS].map((name) => [name, 0]));
  const skipped = [];
  for (const suite of ran.testResults) {
    const folder = relative(process.cwd(), suite.name).split(sep)[1];
    const project = PROJECTS.includes(folder) ? folder : 'unit';
    for (const { status, fullName } of suite.assertionResults) {
      if (status === 'passed' || status === 'failed') counts.set(project, counts.get(project) + 1);
      else skipped.push(`${status}: ${fullName}`);
    }
  }
  for (const [name, count] of counts) console.log(`${name}: ${count} tests`);
  const empty = [...counts].filter(([, count]) => count === 0).map(([name]) => `project ${name} ran no test`);
  return complain([...empty, ...skipped, ...(ran.success ? [] : ['the run was not a success'])]);
}

function complain(problems) {
  for (const problem of problems) console.error(problem);
  return problems.length === 0 ? 0 : 1;
}
