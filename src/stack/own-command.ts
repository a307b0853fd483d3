import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

export interface OwnCommand {
  readonly command: string;
  readonly args: string[];
}

/** The folder of storeferry's package.json, whether this runs from src or from dist. */
export function packageFolder(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'package.json'))) {
    const parent = dirname(folder);
    if (parent === folder) throw new Error('storeferry cannot find its own package.json');
    folder = parent;
  }
  return folder;
}

/** How to start another storeferry process: the same Node.js, the same program, without a shell between. */
export function ownCommand(...args: string[]): OwnCommand {
  return { command: process.execPath, args: [join(packageFolder(), 'bin', 'storeferry'), ...args] };
}

/** How to run a module of ours by itself; `module` is relative to this folder and has no ending. */
export function ownModule(module: string, ...args: string[]): OwnCommand {
  const isSource = import.meta.url.endsWith('.ts');
  const file = fileURLToPath(new URL(`${module}${isSource ? '.ts' : '.js'}`, import.meta.url));
  const loader = isSource ? ['--import', pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href] : [];
  return { command: process.execPath, args: [...loader, file, ...args] };
}
