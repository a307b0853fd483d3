import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode } from '@temporalio/worker';
import { quietLogger } from './quiet-logger.ts';

const workflowsPath = fileURLToPath(new URL('../../src/workflows/index.ts', import.meta.url));

export interface WorkflowBundle {
  readonly path: string;
  remove(): void;
}

/** Bundles today's workflows into a temporary file, for `workflowBundle: { codePath }`. */
export async function buildWorkflowBundle(): Promise<WorkflowBundle | undefined> {
  if (!existsSync(workflowsPath)) return undefined;
  const { code } = await bundleWorkflowCode({ workflowsPath, logger: quietLogger });
  const folder = mkdtempSync(join(tmpdir(), 'storeferry-test-bundle-'));
  const path = join(folder, 'workflow-bundle.js');
  writeFileSync(path, code);
  return { path, remove: () => rmSync(folder, { recursive: true, force: true }) };
}
