import type { Command } from 'commander';
import { act, common, type Flags } from './answer.ts';

/** Webhooks of the source, and captures that a person asks for. */
export function hookCommands(program: Command): void {
  const hooks = program.command('hooks').description('webhooks of the source: they make a recent run quicker');
  common(hooks.command('list <project>').description('each with its state and its last delivery')).action(
    (name: string, flags: Flags) => act(flags, (api) => api.hooks(name)),
  );
  common(hooks.command('register <project>').description('make the source tell of changes; may be run again'))
    .option('--to <url>', 'how the source reaches this service; default: api.publicUrl of the settings')
    .action((name: string, flags: Flags & { to?: string }) => act(flags, (api) => api.registerHooks(name, flags.to)));
  common(hooks.command('remove <project>').description('take exactly ours away from the source')).action(
    (name: string, flags: Flags) =>
      act(flags, async (api) => {
        await api.removeHooks(name);
        return { removed: name };
      }),
  );
  common(
    program
      .command('capture <project> <entity> [ids...]')
      .description(
        'read these again in the run that is under way, or the next; without ids the entity as a whole, in the next recent run',
      ),
  ).action((name: string, entity: string, ids: string[], flags: Flags) =>
    act(flags, (api) => api.capture(name, entity, ids)),
  );
}
