import type { Command } from 'commander';
import { act, common, type Flags } from './answer.ts';
import type { ProjectStatus } from './api-client.ts';

/** Continuous sync: a run that keeps the target in step until it is told to finish. */
export function syncCommands(program: Command): void {
  const sync = program.command('sync').description('keep the target in step with the living shop');
  common(sync.command('start <project>').description('follow the shop from now on')).action(
    (name: string, flags: Flags) => act(flags, (api) => api.startRun(name, { kind: 'continuous' })),
  );
  common(sync.command('stop <project>').description('bring over what is there, report, and end'))
    .option('--reason <text>', 'goes to the decision log')
    .action((name: string, flags: Flags & { reason?: string }) =>
      act(flags, (api) => api.command(name, 'finish', flags.reason)),
    );
  common(sync.command('status <project>').description('whether it follows, and how far behind it is')).action(
    (name: string, flags: Flags) => act(flags, async (api) => syncOf(await api.status(name))),
  );
}

/** Lags in seconds; null: nothing waits, or nothing was captured yet. */
function syncOf({ project, phase, paused, attention, run }: ProjectStatus) {
  const isFollowing = run?.kind === 'continuous' && run.state === 'running';
  return {
    project,
    phase,
    following: isFollowing,
    paused,
    attention,
    run: run?.kind === 'continuous' ? run.run : null,
    step: isFollowing ? run.step : null,
    lag: isFollowing ? run.lag : null,
  };
}
