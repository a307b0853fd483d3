// Reads vitest's JSON reports, one or more: `totals` prints `N passed, N failed` of all together; `check` fails when a
// project of vitest.config.ts ran no test, when any test was skipped or left to do, or when a report is not there.
import { existsSync, readFileSync } from 'node:fs';
import { relative, sep } from 'node:path';

/** Folders of test/ that are projects of their own; everything else belongs to `unit`. */
const PROJECTS = ['contract', 'interleavings', 'replay', 'workflow', 'e2e', 'proof'];

const [command, ...files] = process.argv.slice(2);
const reports = files.map((file) => (existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined));

if (command === 'totals') console.log(totals(reports.filter((ran) => ran !== undefined)));
else process.exitCode = check(reports);

function totals(all) {
  const sum = (of) => all.reduce((so, ran) => so + of(ran), 0);
  return `${sum((ran) => ran.numPassedTests)} passed, ${sum((ran) => ran.numFailedTests + broken(ran))} failed`;
}

/** A file that could not even be loaded counts as one failure: it holds no test of its own. */
function broken({ testResults }) {
  return testResults.filter(({ status, assertionResults }) => status === 'failed' && assertionResults.length === 0)
    .length;
}

function check(all) {
  if (all.length === 0 || all.includes(undefined)) return complain(['no test report was written']);
  const counts = new Map(['unit', ...PROJECTS].map((name) => [name, 0]));
  const skipped = [];
  for (const suite of all.flatMap(({ testResults }) => testResults)) {
    const folder = relative(process.cwd(), suite.name).split(sep)[1];
    const project = PROJECTS.includes(folder) ? folder : 'unit';
    for (const { status, fullName } of suite.assertionResults) {
      if (status === 'passed' || status === 'failed') counts.set(project, counts.get(project) + 1);
      else skipped.push(`${status}: ${fullName}`);
    }
  }
  for (const [name, count] of counts) console.log(`${name}: ${count} tests`);
  const empty = [...counts].filter(([, count]) => count === 0).map(([name]) => `project ${name} ran no test`);
  return complain([
    ...empty,
    ...skipped,
    ...(all.every(({ success }) => success) ? [] : ['the run was not a success']),
  ]);
}

function complain(problems) {
  for (const problem of problems) console.error(problem);
  return problems.length === 0 ? 0 : 1;
}
