import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findTemporalExecutable } from '../../src/stack/temporal-executable.ts';

const PAGE = fileURLToPath(new URL('../../docs/runbooks.md', import.meta.url));
/** The project of the page's examples. */
const EXAMPLE = 'my-shop';

export interface Outcome {
  readonly code: number;
  readonly output: string;
  readonly error: string;
}

/** The shell examples of docs/runbooks.md, by the names on their fences. */
export function readExamples(): ReadonlyMap<string, string> {
  const page = readFileSync(PAGE, 'utf8');
  const fences = [...page.matchAll(/^```(.*)\n([\s\S]*?)^```$/gm)];
  return new Map(
    fences.map(([, info = '', text = '']) => {
      const name = /^sh name=(\S+)$/.exec(info)?.[1];
      if (name === undefined) throw new Error(`every example of the page is "sh name=…", one is "${info}"`);
      return [name, text.trim()];
    }),
  );
}

/** A shell in which `temporal` is the real CLI, pointed at the test's server. */
export async function openShell(server: { readonly address: string; readonly namespace: string }) {
  const folder = mkdtempSync(join(tmpdir(), 'storeferry-test-'));
  symlinkSync(await findTemporalExecutable(), join(folder, 'temporal'));
  const env = {
    PATH: `${folder}${delimiter}${process.env['PATH'] ?? ''}`,
    // The CLI keeps settings in the home of its user, who may have some.
    HOME: folder,
    TEMPORAL_ADDRESS: server.address,
    TEMPORAL_NAMESPACE: server.namespace,
  };
  return {
    /** Runs an example as it stands on the page, but for the name of its project. */
    run: (example: string, project: string): Promise<Outcome> =>
      new Promise((resolve) => {
        const script = example.replaceAll(EXAMPLE, project);
        execFile('sh', ['-eu', '-c', script], { env, timeout: 30_000 }, (error, output, errors) => {
          const code = error === null ? 0 : Number(error.code ?? 1);
          resolve({ code, output, error: errors });
        });
      }),
    close: () => rmSync(folder, { recursive: true }),
  };
}
