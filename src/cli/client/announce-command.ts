import { type Command, InvalidArgumentError } from 'commander';
import { act, common, type Flags } from './answer.ts';
import { ApiRefusal } from './api-client.ts';
import { EXIT } from './exit-codes.ts';
import { wholeNumber } from './numbers.ts';

interface AnnounceFlags extends Flags {
  readonly all?: boolean;
  readonly fields?: readonly string[];
  readonly why?: string;
  readonly by?: string;
  readonly list?: boolean;
  readonly withdraw?: number;
}

/** What somebody changes at the target by hand, and means to keep. */
export function announceCommand(program: Command): void {
  common(
    program
      .command('announce <project> [entity] [ids...]')
      .description('tell of changes by hand at the target: their fields belong to the target from now on'),
  )
    .option('--all', 'all records of the entity')
    .option('--fields <fields>', 'which fields, with commas between', words)
    .option('--why <reason>', 'what for')
    .option('--by <who>', 'who makes the changes; default: the name of the key')
    .option('--list', 'those that are in force')
    .option('--withdraw <id>', 'take one back', wholeNumber(1, Number.MAX_SAFE_INTEGER))
    .action((name: string, entity: string | undefined, ids: readonly string[], flags: AnnounceFlags) =>
      act(flags, async (api) => {
        const { list = false, withdraw } = flags;
        if (list && withdraw === undefined && entity === undefined) return api.announcements(name);
        if (!list && withdraw !== undefined && entity === undefined) {
          await api.withdrawAnnouncement(name, withdraw);
          return { withdrawn: withdraw };
        }
        if (list || withdraw !== undefined || entity === undefined)
          throw wrong('give an entity with ids or --all, or --list, or --withdraw <id>');
        return api.announce(name, { entity, ...announced(ids, flags) });
      }),
    );
}

function announced(ids: readonly string[], { all = false, fields, why, by }: AnnounceFlags) {
  if (all === ids.length > 0) throw wrong('give ids of the source, or --all');
  if (why === undefined) throw wrong('say what for: --why <reason>');
  return {
    sourceIds: all ? ('all' as const) : ids,
    why,
    ...(fields === undefined ? {} : { fields }),
    ...(by === undefined ? {} : { by }),
  };
}

function words(text: string): string[] {
  const given = text.split(',').map((word) => word.trim());
  if (given.includes('')) throw new InvalidArgumentError('names of fields with commas between.');
  return given;
}

function wrong(said: string): ApiRefusal {
  return new ApiRefusal(said, EXIT.usage);
}
