import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';

const root = fileURLToPath(new URL('..', import.meta.url));
const dist = join(root, 'dist');

// Built elsewhere and put in place when it is complete: bin/storeferry takes any dist it finds for the program.
const whole = mkdtempSync(join(tmpdir(), 'storeferry-build-'));
try {
  compile();
  copyStatements();
  await bundleWorkflows();
  rmSync(dist, { recursive: true, force: true });
  cpSync(whole, dist, { recursive: true });
  console.log(`built ${readdirSync(dist, { recursive: true }).length} files into dist`);
} finally {
  rmSync(whole, { recursive: true });
}

function compile(): void {
  const compiler = fileURLToPath(new URL('bin/tsc', import.meta.resolve('typescript/package.json')));
  const options = ['--project', 'tsconfig.build.json', '--outDir', whole];
  execFileSync(process.execPath, [compiler, ...options], { cwd: root, stdio: 'inherit' });
}

/** The migrations, which the compiler does not copy. */
function copyStatements(): void {
  const names = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' });
  for (const name of names.filter((file) => file.endsWith('.sql'))) {
    cpSync(join(root, 'src', name), join(whole, 'src', name));
  }
}

/** Workflows run in the SDK's sandbox from one file, made ahead of time by the very version that will run it. */
async function bundleWorkflows(): Promise<void> {
  const { code } = await bundleWorkflowCode({
    workflowsPath: join(root, 'src/workflows/index.ts'),
    logger: new DefaultLogger('WARN'),
  });
  writeFileSync(join(whole, 'workflow-bundle.js'), code);
}
