import type { Command } from 'commander';
import { LADDER_LIMITS } from '../../domain/ladder.ts';
import { act, common, type Flags } from './answer.ts';
import type { ScheduleBody } from './api-client.ts';
import { wholeNumber } from './numbers.ts';

interface SetFlags extends Flags {
  readonly every?: string;
  readonly days?: string[];
  readonly at?: string[];
  readonly zone?: string;
  readonly goLive?: string;
  readonly hoursBefore?: number;
  readonly finalSweepDays?: number;
  readonly reason?: string;
  readonly sweep?: boolean;
  readonly until?: string;
}

/** Recent runs that start by themselves. */
export function scheduleCommands(program: Command): void {
  const schedule = program.command('schedule').description('recent runs that start by themselves');
  common(schedule.command('list <project>').description('all schedules with their next firings')).action(
    (project: string, flags: Flags) => act(flags, (api) => api.schedules(project)),
  );
  common(
    schedule
      .command('set <project> <name>')
      .description('make a schedule, or give it another form: an interval, times of days, or the ladder to go-live'),
  )
    .option('--every <length>', 'an interval: 15m, 2h, 1d')
    .option('--at <times>', 'times of day: 02:30,04:00', words)
    .option('--days <days>', 'mon,thu; default: every day', words)
    .option('--zone <name>', 'whose clocks: Europe/Berlin')
    .option('--go-live <time>', 'the ladder: when the shop goes live, with its time zone')
    .option(
      '--hours-before <number>',
      'of the ladder: for so long before it every 15 minutes',
      wholeNumber(1, LADDER_LIMITS.hoursBefore),
    )
    .option(
      '--final-sweep-days <number>',
      'of the ladder: days after it of the last run',
      wholeNumber(1, LADDER_LIMITS.finalSweepDays),
    )
    .option('--reason <text>', 'of the ladder: why the last run is later than 14 days after it')
    .option('--sweep', 'read every entity as a whole each time')
    .option('--until <time>', 'no run after it, with its time zone')
    .action((project: string, name: string, flags: SetFlags) =>
      act(flags, (api) => api.setSchedule(project, name, bodyOf(flags))),
    );
  for (const [command, description] of [
    ['pause', 'let a schedule fire no more'],
    ['resume', 'let a paused schedule fire again'],
    ['trigger', 'let a schedule fire now'],
  ] as const) {
    common(schedule.command(`${command} <project> <name>`).description(description))
      .option('--reason <text>', 'goes to the decision log')
      .action((project: string, name: string, flags: Flags & { reason?: string }) =>
        act(flags, (api) => api.actOnSchedule(project, name, command, flags.reason)),
      );
  }
  common(schedule.command('remove <project> <name>').description('take a schedule away; its run goes on')).action(
    (project: string, name: string, flags: Flags) =>
      act(flags, async (api) => {
        await api.removeSchedule(project, name);
        return { removed: name };
      }),
  );
}

function words(text: string): string[] {
  return text.split(',').map((word) => word.trim());
}

/** What was named, as the API takes it; which of it goes together is the API's to say. */
function bodyOf(flags: SetFlags): ScheduleBody {
  const { every, days, at, zone, goLive, hoursBefore, finalSweepDays, reason, sweep, until } = flags;
  const isCalendar = at !== undefined || days !== undefined || zone !== undefined;
  const isLadder = [goLive, hoursBefore, finalSweepDays, reason].some((value) => value !== undefined);
  return {
    ...(every === undefined ? {} : { every }),
    ...(isCalendar ? { calendar: { ...(days === undefined ? {} : { days }), at: at ?? [], zone: zone ?? '' } } : {}),
    ...(isLadder ? { ladder: { goLiveAt: goLive ?? '', hoursBefore, finalSweepDays, reason } } : {}),
    ...(sweep === true ? { sweep } : {}),
    ...(until === undefined ? {} : { until }),
  };
}
