import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** Text of a file of the repository. */
export function textOf(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8');
}

/** Source files below a folder, as paths from the repository's root. */
export function sourcesBelow(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => `${folder}/${name.replaceAll('\\', '/')}`);
}

/** The operator's pages. */
export function docsPages(): string[] {
  return readdirSync(join(ROOT, 'docs'))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`);
}

/** Every page that is true for today; what the changelog says of a version stays as it was. */
export function allPages(): string[] {
  return [...docsPages(), 'README.md', 'ARCHITECTURE.md', 'CONTRIBUTING.md'];
}

/** The part of a page below a heading, up to the next one of its rank or a higher one. */
export function section(page: string, heading: string): string {
  const lines = textOf(page).split('\n');
  const from = lines.indexOf(heading);
  if (from < 0) throw new Error(`${page} has no heading "${heading}"`);
  const rank = heading.indexOf(' ');
  const length = lines.slice(from + 1).findIndex((line) => /^#+ /.test(line) && line.indexOf(' ') <= rank);
  return lines.slice(from, length < 0 ? undefined : from + 1 + length).join('\n');
}

/** Rows of the tables in a text: each cell as it stands, without the marks of code around all of it. */
export function rowsOf(markdown: string): string[][] {
  const lines = markdown.split('\n').filter((line) => line.startsWith('|'));
  const rows = lines.map((line) =>
    line
      .slice(1, line.lastIndexOf('|'))
      .split(/(?<!\\)\|/)
      .map((cell) => cell.trim().replace(/^`([^`]*)`$/, '$1')),
  );
  // The line of dashes, and the head before it.
  return rows.filter((row, at) => !isRule(row) && !isRule(rows[at + 1]));
}

const isRule = (row: readonly string[] | undefined) => row?.every((cell) => /^:?-+:?$/.test(cell)) === true;

/** First cells of those rows that begin with code. */
export function namesIn(markdown: string): string[] {
  const coded = markdown.split('\n').filter((line) => /^\|\s*`/.test(line));
  return rowsOf(coded.join('\n')).map(([name = '']) => name);
}

/** Code blocks of a page. */
export function fencesOf(page: string): { readonly language: string; readonly text: string }[] {
  return [...textOf(page).matchAll(/^```(\S*).*\n([\s\S]*?)^```$/gm)].map(([, language = '', text = '']) => ({
    language,
    text,
  }));
}

/** Code inside sentences and tables. */
export function inlineCode(page: string): string[] {
  const prose = textOf(page).replaceAll(/^```[\s\S]*?^```$/gm, '');
  return [...prose.matchAll(/(`+)(.+?)\1/g)].map(([, , code = '']) => code.trim());
}

/** What a page lacks, and what it names that there is not: for a test to find both empty. */
export function drift(page: string, named: readonly string[], real: readonly string[]) {
  return {
    missing: real.filter((one) => !named.includes(one)).map((one) => `${page} does not name ${one}`),
    unknown: named.filter((one) => !real.includes(one)).map((one) => `${page} names ${one}, which there is not`),
  };
}
export const NO_DRIFT = { missing: [], unknown: [] };

/** Every first group of a pattern in a text, each once. */
export function found(text: string, pattern: RegExp): string[] {
  return [...new Set([...text.matchAll(pattern)].map(([, name = '']) => name))];
}
