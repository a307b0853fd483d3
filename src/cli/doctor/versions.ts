import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { failed, ok } from './check.ts';
import type { Check } from './check.ts';

interface Manifest {
  readonly version: string;
  readonly engines: { readonly node: string };
  readonly dependencies: Readonly<Record<string, string>>;
}

/** Node.js and the packages, against what package.json asks for. */
export function checkVersions(packageFolder: string, nodeVersion = process.versions.node): Check[] {
  const wanted = readManifest(packageFolder);
  const node = allows(wanted.engines.node, nodeVersion)
    ? ok('node', `Node.js ${nodeVersion}`)
    : failed('node', `Node.js ${nodeVersion}`, `install Node.js ${wanted.engines.node}`);
  return [node, checkPackages(packageFolder, wanted)];
}

function checkPackages(folder: string, { version, dependencies }: Manifest): Check {
  const problems = Object.entries(dependencies).flatMap(([name, range]) => {
    const installed = installedVersion(folder, name);
    if (installed === undefined) return [`${name} is not installed`];
    return allows(range, installed) ? [] : [`${name} is ${installed}, wanted is ${range}`];
  });
  if (problems.length > 0)
    return failed('packages', problems.join('; '), 'install what package-lock.json says: npm ci');
  const temporal = installedVersion(folder, '@temporalio/workflow');
  const count = Object.keys(dependencies).length;
  return ok('packages', `storeferry ${version} with its ${count} packages, Temporal's SDK ${temporal}`);
}

/** As Node.js finds it: in this folder's node_modules or in one further up. */
function installedVersion(folder: string, name: string): string | undefined {
  const found = join(folder, 'node_modules', name);
  if (existsSync(join(found, 'package.json'))) return readManifest(found).version;
  const parent = dirname(folder);
  return parent === folder ? undefined : installedVersion(parent, name);
}

function readManifest(folder: string): Manifest {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest;
}

/** The three forms that our package.json uses: `1.2.3` exactly, `^1.2.3` up to the next breaking version, `>=1.2` from there on. */
export function allows(range: string, version: string): boolean {
  const [, sign = '', from = ''] = /^(\^|>=|)(\d.*)$/.exec(range) ?? [];
  if (sign === '') return version === from;
  const [wanted, given] = [numbers(from), numbers(version)];
  if (compare(given, wanted) < 0) return false;
  // Before 1.0 the second number is the breaking one.
  const fixed = wanted[0] === 0 ? 2 : 1;
  return sign === '>=' || wanted.slice(0, fixed).every((number, index) => number === given[index]);
}

function numbers(version: string): number[] {
  return (version.split('-')[0] ?? '').split('.').map(Number);
}

function compare(a: readonly number[], b: readonly number[]): number {
  for (const index of [0, 1, 2]) {
    const difference = (a[index] ?? 0) - (b[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
