import type { Kysely } from 'kysely';
import { HooksHeld, type HookScope, registerHooks, removeHooks } from '../activities/hooks/register-hooks.ts';
import { DEFAULT_MAPPING, takesPart } from '../domain/mapping.ts';
import type { Project } from '../ledger/projects.ts';
import type { LedgerTables } from '../ledger/tables.ts';
import { createLook, type Look, type LookSettings } from './look.ts';

/** Registers and removes webhooks at the source of a project, for the API, which knows no connectors. */
export function projectHooks(db: Kysely<LedgerTables>, sealingKey: Buffer, stores: LookSettings) {
  const look = createLook(db, sealingKey, stores);
  const change = async (
    slug: string,
    act: (scope: HookScope, project: Project) => Promise<void>,
  ): Promise<Look<object>> => {
    try {
      const looked = await look(slug, async (project, both, signal) => {
        const registry = both.source.hooks;
        if (registry === undefined) return { offered: false };
        await act({ db, sealingKey, project, registry, signal }, project);
        return { offered: true };
      });
      if (!looked.ok || looked.offered) return looked;
      const message = 'the platform of this source has no webhooks that are taken in: its changes are found by polling';
      return { ok: false, code: 'hooks-not-offered', message };
    } catch (error) {
      if (error instanceof HooksHeld) return { ok: false, code: 'hooks-held', message: error.message };
      throw error;
    }
  };
  return {
    /** @param url of deliveries: `https://…/v1/hooks/<project>/<platform>` */
    register: (slug: string, url: string) =>
      change(slug, (scope, { mapping }) => {
        const inForce = { ...DEFAULT_MAPPING, ...mapping };
        return registerHooks(scope, { url, moves: (entity) => takesPart(inForce, entity) });
      }),
    remove: (slug: string) => change(slug, removeHooks),
  };
}
