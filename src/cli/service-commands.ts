import { InvalidArgumentError, Option } from 'commander';
import type { Command } from 'commander';

/** `demo`, `start`, `api`, `worker`: what runs processes, and `doctor`, which looks at what they need. Each command's code is loaded only when it is called. */
export function serviceCommands(program: Command): void {
  program
    .command('demo')
    .description('bring everything up and migrate a sandbox store before your eyes')
    .option('--exit', 'stop everything when the migration has ended')
    .addOption(
      new Option(
        '--source <platform>',
        'what to migrate from; vendure is a real server, from a clone of the repository',
      )
        .choices(['woocommerce', 'vendure'])
        .default('woocommerce'),
    )
    .option('--json', 'print the result as one JSON object, the last line on stdout')
    .option('--seed <number>', 'seed of the sandbox shop, if it is still empty; default: random', wholeNumber)
    .option(
      '--products <number>',
      'products of the sandbox shop, if it is still empty; default: 2,000 records in all',
      wholeNumber,
    )
    .addOption(new Option('--size <size>', 'about 200, 10,000 or 150,000 records instead').choices(['S', 'M', 'L']))
    .action(async (options: DemoFlags) => (await import('./demo.ts')).demo(options));
  program
    .command('start')
    .description('bring up the service as temporal-dev.yml says, and keep it up')
    .action(async () => (await import('./start.ts')).start());
  program
    .command('api')
    .description('run the API alone, against DATABASE_URL and TEMPORAL_ADDRESS')
    .action(async () => (await import('./api.ts')).runApi());
  program
    .command('worker')
    .description('run one worker alone, against DATABASE_URL and TEMPORAL_ADDRESS')
    .action(async () => (await import('./worker.ts')).runWorker());
  program
    .command('doctor')
    .description('look at everything that the service needs: servers, ports, versions, keys, clocks')
    .option('--json', 'print the findings as one JSON document')
    .action(async (options: { json?: true }) => (await import('./doctor.ts')).doctor(options));
  program
    .command('key <name>')
    .description('make a key for the API, for a person or a machine')
    .addOption(
      new Option('--role <role>', 'what it may do').choices(['viewer', 'operator', 'approver']).default('viewer'),
    )
    .option('--json', 'print it as one JSON document')
    .action(async (name: string, { role, json }: { role: string; json?: true }) => {
      const { newKey, printNewKey } = await import('./new-key.ts');
      printNewKey(newKey(name, role), json === true);
    });
  program
    .command('fetch-temporal <folder>', { hidden: true })
    .action(async (folder: string) => (await import('./fetch-temporal.ts')).fetchTemporal(folder));
}

export interface DemoFlags {
  readonly source?: 'woocommerce' | 'vendure' | undefined;
  readonly exit?: true;
  readonly json?: true;
  readonly seed?: number;
  readonly products?: number;
  readonly size?: 'S' | 'M' | 'L';
}

function wholeNumber(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('allowed: a whole number.');
  return Number(text);
}
