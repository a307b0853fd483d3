import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { IMPORT_TABLE, importsOf, judgeImport, lintBorders } from './import-table.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const lintConfig = JSON.parse(readFileSync(join(root, '.oxlintrc.json'), 'utf8')) as { overrides: unknown };

function sourceFiles(): string[] {
  return readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => `src/${name.replaceAll('\\', '/')}`);
}

test("the lint config's borders are those of the table", () => {
  expect(lintConfig.overrides).toEqual(lintBorders());
});

test('every folder of src is a room of the table', () => {
  const folders = readdirSync(join(root, 'src'));
  expect(folders.filter((name) => !(name in IMPORT_TABLE))).toEqual([]);
});

test('no source file imports a value that the table refuses', () => {
  const judged = sourceFiles().flatMap((path) =>
    importsOf(readFileSync(join(root, path), 'utf8')).map((found) => judgeImport(path, found)),
  );
  expect(judged.length).toBeGreaterThan(100);
  expect(judged.filter((problem) => problem !== undefined)).toEqual([]);
});

test.each([
  ['src/domain/money.ts', `import Big from 'big.js';`, true],
  ['src/domain/money.ts', `import { z } from 'zod';`, false],
  ['src/domain/money.ts', `import { sum } from '../canonical/sum.ts';`, false],
  ['src/domain/money.ts', `import type { Sum } from '../canonical/sum.ts';`, true],
  ['src/workflows/migration.ts', `import type { Activities } from '../activities/activity-types.ts';`, true],
  ['src/workflows/migration.ts', `import { apply } from '../activities/apply.ts';`, false],
  ['src/workflows/migration.ts', `import { readFileSync } from 'node:fs';`, false],
  ['src/workflows/migration.ts', `import { proxyActivities } from '@temporalio/workflow';`, true],
  ['src/api/app.ts', `import { COMMAND_UPDATES } from '../workflows/contract.ts';`, true],
  ['src/api/app.ts', `import { migration } from '../workflows/index.ts';`, false],
  ['src/api/routes/runs.ts', `import { createTarget } from '../../connectors/bigcommerce/target.ts';`, false],
  ['src/ledger/quota.ts', `import type { QuotaGovernor } from '../connectors/http/quota.ts';`, true],
  ['src/ledger/quota.ts', `export { QuotaGovernor } from '../connectors/http/quota.ts';`, false],
  ['src/connectors/http/client.ts', `import { log } from '@temporalio/activity';`, false],
  ['src/sandbox/checker/checker.ts', `import type { Product } from '../../domain/product.ts';`, false],
  ['src/config/settings.ts', `import { Client } from 'pg';`, false],
  ['src/stack/stack.ts', `const { api } = await import('../api/app.ts');`, false],
  ['src/somewhere/file.ts', `import { z } from 'zod';`, false],
  ['src/cli/program.ts', `import { freePorts } from '../../test/support/free-port.ts';`, false],
])('in %s the line %s is allowed: %s', (path, line, allowed) => {
  const problems = importsOf(line).map((found) => judgeImport(path, found));
  expect(problems).toHaveLength(1);
  expect(problems[0] === undefined).toBe(allowed);
});

test('an import over several lines, after others, is seen', () => {
  const text = `import type { A } from './a.ts';\nimport {\n  b,\n  type C,\n} from '../ledger/b.ts';\nimport './c.ts';\n`;
  expect(importsOf(text)).toEqual([
    { specifier: './a.ts', typeOnly: true },
    { specifier: '../ledger/b.ts', typeOnly: false },
    { specifier: './c.ts', typeOnly: false },
  ]);
});

test('the linter itself refuses planted violations and lets types through', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'storeferry-test-'));
  cpSync(join(root, '.oxlintrc.json'), join(folder, '.oxlintrc.json'));
  const files = {
    'src/domain/wrong.ts': `import { a } from '../ledger/a.ts';\nexport const b = a;\n`,
    'src/domain/right.ts': `import type { A } from '../ledger/a.ts';\nexport type B = A;\n`,
    'src/api/wrong.ts': `import { a } from '../workflows/index.ts';\nexport const b = a;\n`,
    'src/api/right.ts': `import { a } from '../workflows/contract.ts';\nexport const b = a;\n`,
    'src/sandbox/x/wrong.ts': `import type { A } from '../../domain/a.ts';\nexport type B = A;\n`,
    'src/workflows/wrong.ts': `import { z } from 'zod';\nexport const b = z;\n`,
  };
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  const lint = promisify(execFile)(join(root, 'node_modules/.bin/oxlint'), ['--format=unix', '.'], { cwd: folder });
  const report = await lint.then(
    ({ stdout }) => stdout,
    (failure: { stdout: string }) => failure.stdout,
  );
  rmSync(folder, { recursive: true });
  const refused = Object.keys(files).filter((name) =>
    report.split('\n').some((line) => line.includes(name) && line.includes('no-restricted-imports')),
  );
  expect(refused.toSorted()).toEqual(
    Object.keys(files)
      .filter((name) => name.includes('wrong'))
      .toSorted(),
  );
});
