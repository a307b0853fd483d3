import type { Kysely } from 'kysely';
import { StoreFailure } from '../../connectors/http/failures.ts';
import type { HookRegistry, RegisteredHook } from '../../connectors/hooks.ts';
import type { MovedEntity } from '../../domain/record.ts';
import { groupBy } from '../../domain/group-by.ts';
import {
  ensureHookKeys,
  forgetHooks,
  type HookKeys,
  holdHooks,
  noteHook,
  notedHooks,
  readKeys,
  releaseHooks,
  setHookUrl,
} from '../../ledger/hooks.ts';
import type { LedgerTables } from '../../ledger/tables.ts';

/** Whose hooks, and the store they are at. */
export interface HookScope {
  readonly db: Kysely<LedgerTables>;
  readonly sealingKey: Buffer;
  readonly project: { readonly id: number; readonly slug: string };
  readonly registry: HookRegistry;
  readonly signal: AbortSignal;
}

/** Somebody else registers, removes or looks after the hooks of this project at this moment. */
export class HooksHeld extends Error {
  override readonly name = 'HooksHeld';
}

/** After a lost reply the list tells what was done; it is asked for this often. */
const LOOKS = 3;

/**
 * Makes the source tell us of what is moved: one hook for each topic of these entities, ours known by the mark in their names.
 * Run again it makes none twice: what is there is kept or put right, what is there twice or not wanted any more is removed.
 * @throws StoreFailure where the source refuses; HooksHeld
 */
export async function registerHooks(
  scope: HookScope,
  { url, moves }: { readonly url: string; readonly moves: (entity: MovedEntity) => boolean },
): Promise<void> {
  const { db, project } = scope;
  // Stored before the first request: a delivery may come before the answer does.
  const keys = await ensureHookKeys(db, scope.sealingKey, project);
  await whileHeld(scope, async () => {
    const topics = scope.registry.format.topics.filter(({ entity }) => moves(entity)).map(({ topic }) => topic);
    for (let look = 1; ; look += 1) {
      try {
        await putRight(scope, keys, url, topics);
        break;
      } catch (error) {
        if (look === LOOKS || !(error instanceof StoreFailure && error.kind === 'uncertain')) throw error;
      }
    }
    await setHookUrl(db, project.id, url);
  });
}

async function putRight(scope: HookScope, keys: HookKeys, url: string, topics: readonly string[]): Promise<void> {
  const { db, registry, signal, project } = scope;
  const noted = new Map((await notedHooks(db, project.id)).map((one) => [one.topic, one.hookId]));
  const ours = groupBy(await oursAt(scope, keys), ({ topic }) => topic);
  for (const topic of topics) {
    const [kept, ...twice] = ours.get(topic) ?? [];
    for (const one of twice) await registry.remove(one.id, signal);
    const name = hookName(project.slug, keys);
    const hookId = kept?.id ?? (await registry.create({ name, topic, url, secret: keys.secret }, signal));
    // One that is not noted may have been made with a secret that is not ours any more.
    const right = kept === undefined || (noted.get(topic) === hookId && kept.url === url && kept.state === 'active');
    if (!right) await registry.enable(hookId, { url, secret: keys.secret }, signal);
    await noteHook(db, project.id, { topic, hookId, state: 'active' });
  }
  const left = [...ours.keys()].filter((topic) => !topics.includes(topic));
  for (const one of left.flatMap((topic) => ours.get(topic) ?? [])) await registry.remove(one.id, signal);
  await forgetHooks(
    db,
    project.id,
    [...noted.keys()].filter((topic) => !topics.includes(topic)),
  );
}

/** Takes exactly our hooks away from the source, then forgets the secret. Where there are none nothing is asked of the source. */
export async function removeHooks(scope: HookScope): Promise<void> {
  const { db, registry, project, signal } = scope;
  const keys = await readKeys(db, scope.sealingKey, project);
  if (keys === null) return;
  await whileHeld(scope, async () => {
    for (const one of await oursAt(scope, keys)) await registry.remove(one.id, signal);
    await forgetHooks(db, project.id, 'all');
  });
}

async function oursAt({ registry, signal }: HookScope, { mark }: HookKeys): Promise<readonly RegisteredHook[]> {
  return (await registry.list(signal)).filter((one) => isOurs(one, mark));
}

/** Told by a random mark in its name: addresses change, and others may deliver to the same host. */
export function isOurs({ name }: RegisteredHook, mark: string): boolean {
  return name.endsWith(`(${mark})`);
}

function hookName(slug: string, { mark }: HookKeys): string {
  return `Storeferry ${slug} (${mark})`;
}

async function whileHeld({ db, project }: HookScope, act: () => Promise<void>): Promise<void> {
  if (!(await holdHooks(db, project.id)))
    throw new HooksHeld(`the webhooks of ${project.slug} are being changed or looked after: try again in a moment`);
  try {
    await act();
  } finally {
    await releaseHooks(db, project.id);
  }
}
