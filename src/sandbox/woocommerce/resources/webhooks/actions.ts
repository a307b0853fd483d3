import type { Call, Resource } from '../../rest/resource.ts';
import { ownId } from './events.ts';
import { happened } from './queue.ts';

/** Names of WordPress's hooks that a write runs through. `trash` and `remove` are told apart by `force`. */
interface Hooks {
  create?: readonly string[];
  update?: readonly string[];
  trash?: readonly string[];
  remove?: readonly string[];
}

function tell(call: Call, names: readonly string[] | undefined, id: number): void {
  for (const name of names ?? []) happened(call.shop, `action.${name}`, id);
}

/**
 * The same resource, telling `action.<hook>` webhooks too: the only ones for what has no topic of its own, such as terms,
 * reviews and pages (source-apis §1.8). `idFor` is the first argument of the hook when something is created.
 */
export function acted(
  resource: Resource,
  hooks: Hooks,
  idFor: (call: Call, item: unknown) => number = ownId,
): Resource {
  const out: Resource = { ...resource };
  if (resource.create) {
    out.create = (call, body) => {
      const item = resource.create!(call, body);
      tell(call, hooks.create, idFor(call, item));
      return item;
    };
  }
  if (resource.update) {
    out.update = (call, id, body) => {
      const item = resource.update!(call, id, body);
      tell(call, hooks.update, id);
      return item;
    };
  }
  if (resource.remove) {
    out.remove = (call, id, force) => {
      const item = resource.remove!(call, id, force);
      tell(call, force ? hooks.remove : hooks.trash, id);
      return item;
    };
  }
  return out;
}

export function termHooks(taxonomy: string): Hooks {
  const both = (verb: string): string[] => [`${verb}_term`, `${verb}_${taxonomy}`];
  return { create: both('created'), update: both('edited'), remove: both('delete') };
}

export const reviewHooks: Hooks = {
  create: ['wp_insert_comment'],
  update: ['edit_comment'],
  trash: ['trashed_comment'],
  remove: ['deleted_comment'],
};

export const articleHooks: Hooks = {
  create: ['save_post'],
  update: ['save_post'],
  trash: ['wp_trash_post'],
  remove: ['deleted_post'],
};
