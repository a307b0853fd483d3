import type { Command } from 'commander';
import { approverKeyOf } from '../service.ts';
import { developmentSettings } from '../own-settings.ts';
import { say } from '../terminal.ts';
import { type ApiClient, ApiRefusal, createApiClient, type ProjectBody } from './api-client.ts';
import { EXIT } from './exit-codes.ts';
import { watchRun } from './watch.ts';

interface Flags {
  readonly json?: boolean;
  readonly url?: string;
}
interface CreateFlags extends Flags {
  readonly source: string;
  readonly target: string;
  readonly targetUrl?: string;
}

/** Commands that are clients of a running service. Credentials come from the environment, never from the command line. */
export function clientCommands(program: Command): void {
  const project = program.command('project').description('projects: one store-to-store migration each');
  common(
    project
      .command('create <project>')
      .description(
        'check both stores and make a project; credentials from WC_CONSUMER_KEY, WC_CONSUMER_SECRET, WP_USER, WP_APPLICATION_PASSWORD, BC_ACCESS_TOKEN',
      ),
  )
    .requiredOption('--source <url>', 'address of the WooCommerce store')
    .requiredOption('--target <hash>', 'hash of the BigCommerce store')
    .option('--target-url <url>', 'base address of the BigCommerce API, for sandboxes')
    .action((name: string, flags: CreateFlags) => act(flags, (api) => api.createProject(projectBody(name, flags))));
  common(project.command('list').description('all projects')).action((flags: Flags) =>
    act(flags, (api) => api.listProjects()),
  );
  common(project.command('show <project>').description('one project')).action((name: string, flags: Flags) =>
    act(flags, (api) => api.project(name)),
  );
  const run = program.command('run').description('runs of a project');
  common(run.command('full <project>').description('start a full run')).action((name: string, flags: Flags) =>
    act(flags, (api) => api.startRun(name, { kind: 'full' })),
  );
  common(program.command('status <project>').description('where a project stands')).action(
    (name: string, flags: Flags) => act(flags, (api) => api.status(name)),
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
  common(program.command('gates <project>').description('what waits for a person, with its evidence')).action(
    (name: string, flags: Flags) => act(flags, (api) => api.gates(name)),
  );
  common(program.command('approve <project> <gate>').description('let go what waits behind a gate'))
    .option('--reason <text>', 'goes to the decision log')
    .action((name: string, gate: string, flags: Flags & { reason?: string }) =>
      act(flags, (api) => api.approve(name, gate, flags.reason)),
    );
  common(
    program.command('failures <project>').description('what retrying will not cure, with reason and remedy'),
  ).action((name: string, flags: Flags) => act(flags, (api) => api.failures(name)));
  common(
    program.command('assess <project>').description('look at both stores: named checks, each with a remedy'),
  ).action((name: string, flags: Flags) => act(flags, (api) => api.assess(name)));
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
  common(
    program
      .command('hint <project> <entity> <ids...>')
      .description('these may have changed: they are read again by the run that is under way, or by the next'),
  ).action((name: string, entity: string, ids: string[], flags: Flags) =>
    act(flags, (api) => api.hint(name, entity, ids)),
  );
  common(program.command('record <project> <entity> <id>').description("one record's ids, parts and history")).action(
    (name: string, entity: string, id: string, flags: Flags) => act(flags, (api) => api.record(name, entity, id)),
  );
}

function common(command: Command): Command {
  return command.option('--json', 'print the answer as JSON').option('--url <url>', 'address of the API');
}

function projectBody(name: string, flags: CreateFlags): ProjectBody {
  const env = process.env;
  return {
    project: name,
    source: {
      platform: 'woocommerce',
      url: flags.source,
      credentials: named({
        consumerKey: env['WC_CONSUMER_KEY'],
        consumerSecret: env['WC_CONSUMER_SECRET'],
        applicationUser: env['WP_USER'],
        applicationPassword: env['WP_APPLICATION_PASSWORD'],
      }),
    },
    target: {
      platform: 'bigcommerce',
      ...(flags.targetUrl === undefined ? {} : { url: flags.targetUrl }),
      credentials: named({ storeHash: flags.target, accessToken: env['BC_ACCESS_TOKEN'] }),
    },
  };
}

function named(values: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}

/** Runs one command against the service and prints its answer; ends with the exit code that the answer means. */
async function act(flags: Flags, ask: (api: ApiClient) => Promise<unknown>): Promise<void> {
  try {
    const answer = await ask(connect(flags));
    if (answer === undefined) return;
    process.stdout.write(`${JSON.stringify(answer, null, flags.json === true ? 0 : 2)}\n`);
  } catch (error) {
    if (!(error instanceof ApiRefusal)) throw error;
    if (flags.json === true)
      process.stdout.write(`${JSON.stringify({ error: error.message, problem: error.problem })}\n`);
    else say(error.message);
    process.exitCode = error.exitCode;
  }
}

function connect({ url }: Flags): ApiClient {
  const settings = developmentSettings();
  const key = approverKeyOf(settings);
  if (key === undefined) {
    throw new ApiRefusal(
      `no API key: set STOREFERRY_API_KEY, or start the service first (${settings.keys.approverFile} is not there)`,
      EXIT.notAllowed,
    );
  }
  return createApiClient({ url: url ?? settings.api.url, key });
}
