import { createWriteStream } from 'node:fs';
import { once } from 'node:events';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { SOURCE_ENVIRONMENT, SOURCE_PLATFORMS } from '../../connectors/platforms.ts';
import { act, common, type Flags } from './answer.ts';
import type { ApiClient, ProjectBody } from './api-client.ts';
import { EXIT } from './exit-codes.ts';
import { wholeNumber } from './numbers.ts';

interface CreateFlags extends Flags {
  readonly source: string;
  readonly sourcePlatform: string;
  readonly sourceOption: Readonly<Record<string, string>>;
  readonly target: string;
  readonly targetUrl?: string;
}

/** Projects: made, shown, prepared for a run, and deleted. Credentials come from the environment, never from the command line. */
export function projectCommands(program: Command): void {
  const project = program.command('project').description('projects: one store-to-store migration each');
  common(
    project
      .command('create <project>')
      .description(
        `check both stores and make a project; credentials from the environment: ${credentialNames()}, BC_ACCESS_TOKEN`,
      ),
  )
    .requiredOption('--source <url>', 'address of the source store')
    .addOption(
      new Option('--source-platform <name>', 'what the source store runs on')
        .choices(SOURCE_PLATFORMS)
        .default('woocommerce'),
    )
    .option('--source-option <name=value>', 'more to say of the source store; may be given again', nameAndValue, {})
    .requiredOption('--target <hash>', 'hash of the BigCommerce store')
    .option('--target-url <url>', 'base address of the BigCommerce API, for sandboxes')
    .action((name: string, flags: CreateFlags) => act(flags, (api) => api.createProject(projectBody(name, flags))));
  common(project.command('list').description('all projects')).action((flags: Flags) =>
    act(flags, (api) => api.listProjects()),
  );
  common(project.command('show <project>').description('one project')).action((name: string, flags: Flags) =>
    act(flags, (api) => api.project(name)),
  );
  common(
    project.command('export <project> <file>').description('write its pairs of ids, one JSON object a line'),
  ).action((name: string, file: string, flags: Flags) => act(flags, (api) => exportIdMap(api, name, file)));
  common(project.command('delete <project>').description('delete a project whose pairs of ids are exported'))
    .option('--without-id-map', 'although nobody has exported them')
    .action((name: string, flags: Flags & { withoutIdMap?: boolean }) =>
      act(flags, async (api) => {
        await api.deleteProject(name, flags.withoutIdMap === true);
        return { deleted: name };
      }),
    );
  preparation(program);
}

function preparation(program: Command): void {
  common(program.command('check <project>').description('whether both stores take their credentials now')).action(
    (name: string, flags: Flags) =>
      act(flags, async (api) => {
        const answer = await api.check(name);
        if (!answer.ok) process.exitCode = EXIT.refused;
        return answer;
      }),
  );
  common(
    program.command('assess <project>').description('look at both stores: named checks, each with a remedy'),
  ).action((name: string, flags: Flags) => act(flags, (api) => api.assess(name)));
  common(program.command('estimate <project>').description('entity points that a run would take, against the limit'))
    .option('--demo <records>', 'of a demo with so many records of each entity', wholeNumber(1, 1_000))
    .action((name: string, flags: Flags & { demo?: number }) =>
      act(flags, (api) =>
        api.estimate(name, flags.demo === undefined ? { kind: 'full' } : { kind: 'demo', perEntity: flags.demo }),
      ),
    );
  common(program.command('backup <project>').description('confirm that there is a backup of the target'))
    .requiredOption('--by <who>', 'who made or checked it')
    .option('--at <time>', 'when it was made, with its time zone; default: now')
    .action((name: string, flags: Flags & { by: string; at?: string }) =>
      act(flags, (api) => api.confirmBackup(name, { by: flags.by, at: flags.at ?? new Date().toISOString() })),
    );
}

/** To the end, so that the project may be deleted afterwards. */
async function exportIdMap(api: ApiClient, project: string, file: string) {
  const out = createWriteStream(file, { flags: 'wx' });
  await once(out, 'open');
  let pairs = 0;
  for (let after: string | null = ''; after !== null;) {
    const page = await api.idMap(project, after);
    for (const pair of page.pairs) out.write(`${JSON.stringify(pair)}\n`);
    pairs += page.pairs.length;
    after = page.next;
  }
  out.end();
  await once(out, 'close');
  return { exported: pairs, file };
}

function projectBody(name: string, flags: CreateFlags): ProjectBody {
  const env = process.env;
  return {
    project: name,
    source: {
      platform: flags.sourcePlatform,
      url: flags.source,
      credentials: named(
        Object.fromEntries(
          Object.entries(SOURCE_ENVIRONMENT[flags.sourcePlatform] ?? {}).map(([credential, variable]) => [
            credential,
            env[variable],
          ]),
        ),
      ),
      ...(Object.keys(flags.sourceOption).length === 0 ? {} : { options: flags.sourceOption }),
    },
    target: {
      platform: 'bigcommerce',
      ...(flags.targetUrl === undefined ? {} : { url: flags.targetUrl }),
      credentials: named({ storeHash: flags.target, accessToken: env['BC_ACCESS_TOKEN'] }),
    },
  };
}

/** `WC_CONSUMER_KEY, …` of each platform. */
function credentialNames(): string {
  return SOURCE_PLATFORMS.map(
    (platform) => `${Object.values(SOURCE_ENVIRONMENT[platform] ?? {}).join(', ')} (${platform})`,
  ).join('; ');
}

/** `channel=eu` beside those that came before. */
function nameAndValue(text: string, before: Readonly<Record<string, string>>): Record<string, string> {
  const at = text.indexOf('=');
  if (at < 1) throw new InvalidArgumentError('a name, = and a value');
  return { ...before, [text.slice(0, at)]: text.slice(at + 1) };
}

function named(values: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}
