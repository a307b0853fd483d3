import { type Command, InvalidArgumentError, Option } from 'commander';
import { CONFLICT_KINDS } from '../../domain/conflict.ts';
import { ENTITIES } from '../../domain/entity.ts';
import { act, common, type Flags } from './answer.ts';
import { ApiRefusal } from './api-client.ts';
import { EXIT } from './exit-codes.ts';
import { wholeNumber } from './numbers.ts';

const conflictId = wholeNumber(1, Number.MAX_SAFE_INTEGER);
const entityOption = () => new Option('--entity <entity>', 'only of this entity').choices(ENTITIES);

interface ListFlags extends Flags {
  readonly entity?: string;
  readonly kind?: string;
}
interface ResolveFlags extends Flags {
  readonly all?: string;
  readonly entity?: string;
  readonly shown?: string;
  readonly source?: boolean;
  readonly target?: boolean;
}

/** What the target holds otherwise than we left it: looked at, and decided one by one or by kind. */
export function conflictCommands(program: Command): void {
  common(
    program
      .command('conflicts <project>')
      .description('what waits for a decision: base, source and target of each field'),
  )
    .addOption(entityOption())
    .addOption(new Option('--kind <kind>', 'only of this kind').choices(CONFLICT_KINDS))
    .action((name: string, { entity, kind, ...flags }: ListFlags) =>
      act(flags, (api) =>
        api.conflicts(name, { ...(entity === undefined ? {} : { entity }), ...(kind === undefined ? {} : { kind }) }),
      ),
    );
  common(
    program
      .command('resolve <project> [id]')
      .description('decide a conflict, or all of a kind: the source is written, or the target stays'),
  )
    .addOption(new Option('--all <kind>', 'all of this kind').choices(CONFLICT_KINDS))
    .addOption(entityOption())
    .option('--shown <version>', 'only if the conflict is what was shown under this version; default: as it is now')
    .option('--source', 'what we mean is written')
    .option('--target', 'what is there stays')
    .action((name: string, id: string | undefined, flags: ResolveFlags) =>
      act(flags, async (api) => {
        const decision = decisionOf(flags);
        if (flags.all !== undefined && id === undefined) {
          const { all: kind, entity } = flags;
          return api.resolveAll(name, { kind, decision, ...(entity === undefined ? {} : { entity }) });
        }
        if (flags.all !== undefined || id === undefined) throw wrong('give the id of a conflict, or --all <kind>');
        const one = idOf(id);
        const version = flags.shown ?? (await api.conflict(name, one)).version;
        return api.resolve(name, one, { decision, version });
      }),
    );
}

function decisionOf({ source = false, target = false }: ResolveFlags): 'source' | 'target' {
  if (source === target) throw wrong('give --source or --target');
  return source ? 'source' : 'target';
}

function idOf(text: string): number {
  try {
    return conflictId(text);
  } catch (error) {
    if (error instanceof InvalidArgumentError) throw wrong(`the id of a conflict: ${error.message}`);
    throw error;
  }
}

function wrong(said: string): ApiRefusal {
  return new ApiRefusal(said, EXIT.usage);
}
