import { type Command, InvalidArgumentError } from 'commander';
import { act, common, type Flags } from './answer.ts';
import type { ApiClient } from './api-client.ts';
import { forecastInWords } from './forecast-in-words.ts';
import { passesInWords } from './passes-in-words.ts';
import { wholeNumber } from './numbers.ts';

const sliceId = wholeNumber(1, Number.MAX_SAFE_INTEGER);

/** What operators look up: status, passes, slices, failures, findings, records; and what they ask to be looked at again. */
export function lookCommands(program: Command): void {
  common(program.command('status <project>').description('where a project stands')).action(
    (name: string, flags: Flags) => act(flags, (api) => api.status(name)),
  );
  common(program.command('passes <project>').description('passes of the latest run with their notes')).action(
    (name: string, flags: Flags) =>
      act(flags, async (api) => {
        const run = await latestRun(api, name);
        if (run === null) return { passes: [] };
        const answer = await api.passes(name, run);
        return flags.json === true ? answer : passesInWords(answer);
      }),
  );
  common(
    program.command('account <project> <run>').description('what became of each record that a recent run saw'),
  ).action((name: string, run: string, flags: Flags) => act(flags, (api) => api.account(name, run)));
  slices(program);
  alerts(program);
  failures(program);
  for (const [command, what] of [
    ['adjustments', 'what was changed on purpose, by key'],
    ['reports', 'what could not be carried, by key, and what to do'],
  ] as const) {
    common(program.command(`${command} <project>`).description(what))
      .option('--key <key>', 'the records of one key')
      .action((name: string, flags: Flags & { key?: string }) =>
        act(flags, (api) => api.findings(name, command, flags.key)),
      );
  }
  common(program.command('decisions <project>').description('who or what decided what, newest first')).action(
    (name: string, flags: Flags) => act(flags, (api) => api.decisions(name)),
  );
  common(program.command('record <project> <entity> <id>').description("one record's ids, parts and history")).action(
    (name: string, entity: string, id: string, flags: Flags) => act(flags, (api) => api.record(name, entity, id)),
  );
}

interface AlertFlags extends Flags {
  readonly all?: boolean;
  readonly sendTo?: string;
  readonly sendNowhere?: boolean;
}

function alerts(program: Command): void {
  common(program.command('alerts <project>').description('what the project tells of by itself, and where that is sent'))
    .option('--all', 'those that are over, too')
    .option('--send-to <url>', 'send alerts there from now on; prints the secret that they are signed with, once')
    .option('--send-nowhere', 'send none any more')
    .action((name: string, flags: AlertFlags) =>
      act(flags, async (api) => {
        if (flags.sendTo !== undefined) return api.sendAlerts(name, flags.sendTo);
        if (flags.sendNowhere === true) return api.stopAlerts(name);
        return api.alerts(name, flags.all === true ? 'all' : 'open');
      }),
    );
  common(program.command('forecast <project>').description('what the next recent runs will take, by those so far'))
    .option('--gaps <hours>', 'from now to the next run, from that to the one after it, such as 24,24,168')
    .option('--at <times>', 'when they will be, with their offsets, such as 2026-11-20T08:00:00Z,2026-11-27T08:00:00Z')
    .action((name: string, flags: Flags & { gaps?: string; at?: string }) =>
      act(flags, async (api) => {
        const { gaps, at } = flags;
        const answer = await api.forecast(name, {
          ...(gaps === undefined ? {} : { gaps }),
          ...(at === undefined ? {} : { at }),
        });
        return flags.json === true ? answer : forecastInWords(answer);
      }),
    );
}

async function latestRun(api: ApiClient, project: string): Promise<string | null> {
  return (await api.status(project)).run?.run ?? null;
}

interface SliceFlags extends Flags {
  readonly run?: string;
  readonly compare?: number;
  readonly rerun?: number;
  readonly after?: number;
}

function slices(program: Command): void {
  common(program.command('slices <project>').description('the pieces of a run; compare one, or run it again alone'))
    .option('--run <run>', 'default: the latest')
    .option('--after <id>', 'go on after this slice', sliceId)
    .option('--compare <id>', 'read what is at the target and compare it with what was meant', sliceId)
    .option('--rerun <id>', 'as a run of its own', sliceId)
    .action((name: string, flags: SliceFlags) =>
      act(flags, async (api) => {
        const run = flags.run ?? (await latestRun(api, name));
        if (run === null) return { slices: [], next: null };
        if (flags.compare !== undefined) return api.slice(name, run, flags.compare, 'compare');
        if (flags.rerun !== undefined) return api.slice(name, run, flags.rerun, 'rerun');
        return api.slices(name, run, flags.after ?? 0);
      }),
    );
}

function failures(program: Command): void {
  common(program.command('failures <project>').description('what retrying will not cure, with reason and remedy'))
    .option('--retry <entity:id>', 'try one again; or "all"', retryOf)
    .action((name: string, flags: Flags & { retry?: Retry }) =>
      act(flags, (api) => (flags.retry === undefined ? api.failures(name) : api.retry(name, flags.retry))),
    );
}

type Retry = { readonly all: true } | { readonly entity: string; readonly sourceId: string };

/** An id may hold colons, an entity none. */
function retryOf(text: string): Retry {
  if (text === 'all') return { all: true };
  const [entity = '', ...rest] = text.split(':');
  const sourceId = rest.join(':');
  if (entity !== '' && sourceId !== '') return { entity, sourceId };
  throw new InvalidArgumentError('allowed: "all", or an entity and an id such as product:12.');
}
