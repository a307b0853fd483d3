import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

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
export function ownCommand(...args: string[]): { command: string; args: string[] } {
  return { command: process.execPath, args: [join(packageFolder(), 'bin', 'storeferry'), ...args] };
}
