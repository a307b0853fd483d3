import { existsSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { expect, it } from 'vitest';
import { OPERATIONS } from '../../src/api/operations.ts';
import { allPages, docsPages, inlineCode, ROOT, textOf } from './pages.ts';

/** Pages with what was true once, whose links must lead somewhere all the same. */
const LINKED = [...allPages(), 'CHANGELOG.md'];

/** A heading's name in links, as the forges make it. */
function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
    .trim()
    .replaceAll(' ', '-');
}

function anchorsOf(page: string): string[] {
  const prose = textOf(page).replaceAll(/^```[\s\S]*?^```$/gm, '');
  return [...prose.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) => anchorOf(heading));
}

function linksOf(page: string): string[] {
  const prose = textOf(page).replaceAll(/^```[\s\S]*?^```$/gm, '');
  return [...prose.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = '']) => target);
}

function isBroken(page: string, target: string): boolean {
  if (/^[a-z]+:/.test(target)) return false;
  const [file = '', anchor] = target.split('#');
  const path = file === '' ? page : normalize(join(dirname(page), file));
  if (!existsSync(join(ROOT, path))) return true;
  return anchor !== undefined && path.endsWith('.md') && !anchorsOf(path).includes(anchor);
}

it('has no link that leads nowhere', () => {
  const links = LINKED.flatMap((page) => linksOf(page).map((target) => ({ page, target })));
  expect(links.length).toBeGreaterThan(60);
  const broken = links.filter(({ page, target }) => isBroken(page, target));
  expect(broken.map(({ page, target }) => `${page}: ${target}`)).toEqual([]);
});

it('lists every page in the index, which the first page leads to', () => {
  const listed = linksOf('docs/README.md').map((target) => `docs/${target}`);
  const pages = docsPages().filter((page) => page !== 'docs/README.md');
  expect(pages.filter((page) => !listed.includes(page)).map((page) => `docs/README.md lacks ${page}`)).toEqual([]);
  expect(linksOf('README.md')).toContain('docs/README.md');
});

/** Parameters alike, however a page writes them. */
function shapeOf(path: string): string {
  return path
    .replace(/[?#].*$/, '')
    .replaceAll(/<[^>]+>|\{[^}]+\}|:[A-Za-z]+|\bmy-shop\b/g, '*')
    .replace(/[.,:]+$/, '');
}

/** The sandbox stores' own controls are no routes of the API. */
const ROUTE = /\b(GET|POST|PUT|PATCH|DELETE) (…?\/(?!__admin\/)[^\s`'"),;|]+)/g;

it('names no route that there is not', () => {
  const real = Object.keys(OPERATIONS).map(shapeOf);
  const named = allPages().flatMap((page) =>
    [...textOf(page).matchAll(ROUTE)].map(([, method = '', path = '']) => ({ page, method, path })),
  );
  expect(named.length).toBeGreaterThan(50);
  const unknown = named.filter(({ method, path }) => {
    const shape = shapeOf(path);
    // `GET …/mapping/diff`: the rest of a path whose beginning was said before.
    if (shape.startsWith('…')) return !real.some((one) => one.startsWith(method) && one.endsWith(shape.slice(1)));
    return !real.includes(`${method} ${shape}`);
  });
  expect(unknown.map(({ page, method, path }) => `${page}: ${method} ${path}`)).toEqual([]);
});

it('names no file of the repository that there is not', () => {
  const named = allPages().flatMap((page) =>
    inlineCode(page)
      .filter((code) => /^(src|test|docs|scripts|bench|\.ci)\/[\w./-]+$/.test(code))
      .map((path) => ({ page, path })),
  );
  expect(named.length).toBeGreaterThan(20);
  const missing = named.filter(({ path }) => !existsSync(join(ROOT, path)));
  expect(missing.map(({ page, path }) => `${page}: ${path}`)).toEqual([]);
});

it('names no real e-mail address', () => {
  const addresses = LINKED.flatMap((page) =>
    [...textOf(page).matchAll(/[\w.+-]+@([\w-]+\.[\w.-]+)/g)]
      .filter(([, host = '']) => !host.endsWith('example.test'))
      .map(([address]) => `${page}: ${address}`),
  );
  expect(addresses).toEqual([]);
});
