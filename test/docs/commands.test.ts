import type { Command } from 'commander';
import { expect, it } from 'vitest';
import { createProgram } from '../../src/cli/program.ts';
import { allPages, fencesOf, inlineCode } from './pages.ts';

/** The real program, of which nothing is carried out and nothing is printed. */
function silentProgram(): Command {
  const program = createProgram();
  for (const command of [program, ...below(program)]) {
    command.exitOverride().configureOutput({ writeOut: () => undefined, writeErr: () => undefined });
    if (command.commands.length === 0) command.action(() => undefined);
  }
  return program;
}

function below(command: Command): Command[] {
  return command.commands.flatMap((inner) => [inner, ...below(inner)]);
}

/** `gate approve`: every command that a person may call. */
function commandPaths(command: Command, path = ''): string[] {
  const visible = command.createHelp().visibleCommands(command);
  return visible
    .filter((inner) => inner.name() !== 'help')
    .flatMap((inner) => {
      const inside = `${path} ${inner.name()}`.trim();
      return inner.commands.length === 0 ? [inside] : commandPaths(inner, inside);
    });
}

/** Values for what a page leaves open, where any word will not do. */
const STANDS_FOR: Readonly<Record<string, string>> = { '<role>': 'viewer', '<entity>': 'product' };

/** Words of a line of shell, up to a pipe or a comment. */
function wordsOf(line: string): string[] {
  const words = line.match(/"[^"]*"|'[^']*'|[^\s"']+/g) ?? [];
  const end = words.findIndex((word) => /^([|;#]|&&|>)/.test(word));
  return words
    .slice(0, end < 0 ? undefined : end)
    .map((word) => word.replaceAll(/^["']|["']$/g, ''))
    .map((word) => (/^<.+>$/.test(word) ? (STANDS_FOR[word] ?? '15') : word));
}

interface Shown {
  readonly page: string;
  readonly code: string;
  readonly words: readonly string[];
  /** On a line of its own to be typed; in a sentence a command may be called by its name alone. */
  readonly typed: boolean;
}

const PROGRAM = /^(?:\$ )?(?:npx |bin\/)?storeferry (?=\S)/;

function shownOn(page: string): Shown[] {
  const typed = fencesOf(page)
    .filter(({ language }) => language === 'sh')
    .flatMap(({ text }) => text.replaceAll(/\\\n\s*/g, ' ').split('\n'));
  const show = (code: string, isTyped: boolean) => ({
    page,
    code,
    words: wordsOf(code.replace(PROGRAM, '')),
    typed: isTyped,
  });
  return [...typed.map((line) => show(line, true)), ...inlineCode(page).map((code) => show(code, false))].filter(
    ({ code }) => PROGRAM.test(code),
  );
}

/** The command that these words begin with, and how many of them name it. */
function resolve(program: Command, words: readonly string[]): { readonly path: string[]; readonly command: Command } {
  let command = program;
  const path: string[] = [];
  for (const word of words) {
    const next = command.commands.find((inner) => inner.name() === word);
    if (next === undefined) break;
    command = next;
    path.push(word);
  }
  return { path, command };
}

function complaint({ page, code, words, typed }: Shown): string | null {
  const { path } = resolve(createProgram(), words);
  const isName = !typed && path.length > 0 && path.length === words.length;
  if (isName || words.includes('--help')) return null;
  try {
    silentProgram().parse([...words], { from: 'user' });
    return null;
  } catch (error) {
    return `${page}: ${code}: ${(error as Error).message}`;
  }
}

const shown = allPages().flatMap(shownOn);

it('understands every command that a page shows', () => {
  expect(shown.length).toBeGreaterThan(60);
  expect(shown.map(complaint).filter((one) => one !== null)).toEqual([]);
});

it('shows every command somewhere', () => {
  const paths = commandPaths(createProgram());
  expect(paths.length).toBeGreaterThan(30);
  const named = new Set(shown.map(({ words }) => resolve(createProgram(), words).path.join(' ')));
  expect(paths.filter((path) => !named.has(path)).map((path) => `no page shows storeferry ${path}`)).toEqual([]);
});

const wrong = (code: string) =>
  complaint({ page: 'a page', code, words: wordsOf(code.replace(PROGRAM, '')), typed: false });

it('sees a wrong command, a wrong option and a wrong number', () => {
  expect(wrong('storeferry statsu my-shop')).toContain('unknown command');
  expect(wrong('storeferry status my-shop --jsn')).toContain('unknown option');
  expect(wrong('storeferry rate my-shop --reserve 95')).toContain('from 5 to 90');
  expect(wrong('storeferry status')).toBeNull();
});
