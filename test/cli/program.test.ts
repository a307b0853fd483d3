import { Command, CommanderError } from 'commander';
import { expect, test } from 'vitest';
import { createProgram } from '../../src/cli/program.ts';

test('the help lists what a person may call and hides what only the program calls', () => {
  const help = createProgram().helpInformation();
  for (const name of ['demo', 'start', 'api', 'worker', 'doctor'])
    expect(help).toMatch(new RegExp(`^ {2}${name}\\b`, 'm'));
  expect(help).not.toContain('fetch-temporal');
});

test('a group of commands is added by one function', () => {
  const program = createProgram([(to) => to.addCommand(new Command('status'))]);
  expect(program.commands.map((command) => command.name())).toEqual(['status']);
});

test.each([
  [['demo', '--size', 'XL'], /option '--size <size>' argument 'XL' is invalid. Allowed choices are S, M, L/],
  [['demo', '--products', 'many'], /option '--products <number>' argument 'many' is invalid. allowed: a whole number/],
  [['demo', '--sede', '1'], /unknown option '--sede'\n\(Did you mean --seed\?\)/],
  [['strat'], /unknown command 'strat'\n\(Did you mean start\?\)/],
])('%j is refused with a hint at what is meant', (argv, message) => {
  const errors: string[] = [];
  const program = createProgram();
  for (const command of [program, ...program.commands]) {
    command.exitOverride().configureOutput({ writeErr: (text) => errors.push(text) });
  }
  expect(() => program.parse(argv, { from: 'user' })).toThrow(CommanderError);
  expect(errors.join('')).toMatch(message);
});
