import type { Command } from 'commander';
import { RATE_LIMITS } from '../../domain/rates.ts';
import { RUN_LIMITS } from '../../domain/run-options.ts';
import { act, common, type Flags } from './answer.ts';
import type { StartRunBody } from './api-client.ts';
import { type NumberOrDefault, orNull, wholeNumber, wholeNumberOrDefault, wholeNumbers } from './numbers.ts';
import { watchRun } from './watch.ts';

interface RunFlags extends Flags {
  readonly autoApprove?: boolean;
  readonly records?: number;
  readonly passes?: number[];
  readonly sweep?: boolean;
}

interface RateFlags extends Flags {
  readonly concurrency?: NumberOrDefault;
  readonly batchSize?: NumberOrDefault;
  readonly reserve?: NumberOrDefault;
}

/** Starts, watches and steers runs. */
export function runCommands(program: Command): void {
  const run = program.command('run').description('runs of a project');
  starts(run);
  common(run.command('list <project>').description('all runs, newest first')).action((name: string, flags: Flags) =>
    act(flags, (api) => api.runs(name)),
  );
  common(program.command('watch <project>').description('follow the latest run to its end')).action(
    (name: string, flags: Flags) => act(flags, (api) => watchRun(api, name, flags.json === true)),
  );
  for (const command of ['pause', 'resume', 'cancel'] as const) {
    common(program.command(`${command} <project>`).description(`${command} a project's run`))
      .option('--reason <text>', 'goes to the decision log')
      .action((name: string, flags: Flags & { reason?: string }) =>
        act(flags, (api) => api.command(name, command, flags.reason)),
      );
  }
  rate(program);
  gates(program);
}

function starts(run: Command): void {
  const start = (kind: StartRunBody['kind'], description: string) =>
    common(run.command(`${kind} <project>`).description(description))
      .option('--auto-approve', 'gates pass when their rules hold, without a person')
      .action((name: string, flags: RunFlags) => act(flags, (api) => api.startRun(name, bodyOf(kind, flags))));
  start('full', 'copy everything: a trial, a gate, then ever larger passes').option(
    '--passes <sizes>',
    'records of each entity in the first pass, the second, ...: 50,400,3200',
    wholeNumbers(1, RUN_LIMITS.passSize),
  );
  start('demo', 'copy the newest records of each entity and what they refer to').option(
    '--records <number>',
    'of each entity',
    wholeNumber(1, RUN_LIMITS.perEntity),
  );
  start('recent', 'bring over what was added, changed or deleted since the last run').option(
    '--sweep',
    'read every entity as a whole, whether it is time for that or not',
  );
  start('resync', 'compare everything, write only what differs');
}

function bodyOf(kind: StartRunBody['kind'], { autoApprove, records, passes, sweep }: RunFlags): StartRunBody {
  return {
    kind,
    ...(autoApprove === true ? { autoApprove } : {}),
    ...(records === undefined ? {} : { perEntity: records }),
    ...(passes === undefined ? {} : { passes }),
    ...(sweep === true ? { sweep } : {}),
  };
}

const bounds = ({ least, most }: { least: number; most: number }) => wholeNumberOrDefault(least, most);

function rate(program: Command): void {
  common(program.command('rate <project>').description('work the stores harder or softer from now on'))
    .option(
      '--concurrency <number>',
      'requests in flight per store, 1 to 32, or "default"',
      bounds(RATE_LIMITS.concurrency),
    )
    .option(
      '--batch-size <number>',
      'most records in one request, 1 to 100, or "default"',
      bounds(RATE_LIMITS.batchSize),
    )
    .option(
      '--reserve <percent>',
      'of each rate window for the merchant, 5 to 90, or "default"',
      bounds(RATE_LIMITS.reservePercent),
    )
    .action((name: string, { concurrency, batchSize, reserve, ...flags }: RateFlags) =>
      act(flags, (api) =>
        api.setRate(name, {
          concurrency: orNull(concurrency),
          batchSize: orNull(batchSize),
          reservePercent: orNull(reserve),
        }),
      ),
    );
}

function gates(program: Command): void {
  const gate = program.command('gate').description('what waits for a person');
  common(gate.command('list <project>').description('gates with their evidence')).action((name: string, flags: Flags) =>
    act(flags, (api) => api.gates(name)),
  );
  common(gate.command('approve <project> <gate>').description('let go what waits behind a gate'))
    .option('--reason <text>', 'goes to the decision log')
    .action((name: string, which: string, flags: Flags & { reason?: string }) =>
      act(flags, (api) => api.approve(name, which, flags.reason)),
    );
  common(
    gate.command('token <project> <gate>').description('a one-time word for an approval through Temporal itself'),
  ).action((name: string, which: string, flags: Flags) => act(flags, (api) => api.gateToken(name, which)));
}
