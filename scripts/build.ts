import { execFileSync } from 'node:child_process';
import { cpSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';

const root = fileURLToPath(new URL('..', import.meta.url));
const dist = join(root, 'dist');

// A half-built dist would be taken for the program by bin/storeferry, so it is built beside and then put in place.
const half = `${dist}.part`;
rmSync(half, { recursive: true, force: true });
const compiler = fileURLToPath(new URL('bin/tsc', import.meta.resolve('typescript/package.json')));
execFileSync(process.execPath, [compiler, '--project', 'tsconfig.build.json', '--outDir', half], {
  cwd: root,
  stdio: 'inherit',
});
copyStatements();
await bundleWorkflows();
rmSync(dist, { recursive: true, force: true });
cpSync(half, dist, { recursive: true });
rmSync(half, { recursive: true });
console.log(`built ${readdirSync(dist, { recursive: true }).length} files into dist`);

/** The migrations, which the compiler does not copy. */
function copyStatements(): void {
  const names = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' });
  for (const name of names.filter((file) => file.endsWith('.sql'))) {
    cpSync(join(root, 'src', name), join(half, 'src', name));
  }
}

/** Workflows run in the SDK's sandbox from one file, made ahead of time by the very version that will run it. */
async function bundleWorkflows(): Promise<void> {
  const { code } = await bundleWorkflowCode({
    workflowsPath: join(root, 'src/workflows/index.ts'),
    logger: new DefaultLogger('WARN'),
  });
  writeFileSync(join(half, 'workflow-bundle.js'), code);
}
