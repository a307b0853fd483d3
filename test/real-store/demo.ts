import type { RealStore as DemoRealStore, RealStoreOptions } from '../../src/cli/real-store.ts';
import { checkMigration } from './check/check-migration.ts';
import { installStore } from './install.ts';
import { readStore } from './read/read-store.ts';
import { RealStore } from './real-store.ts';
import { fillStore } from './seed/fill-store.ts';

/** The real store of `npm run demo -- --source vendure`: see RealStoreModule of the demo. */
export async function startFilledStore({ folder, seed, records, say }: RealStoreOptions): Promise<DemoRealStore> {
  await installStore(undefined, say);
  const store = await RealStore.start({ folder });
  try {
    say(`a real Vendure answers at ${store.url}`);
    say(`filling it with about ${records} records through its own APIs`);
    await fillStore(store.url, store.login, { seed, records, say: (line) => say(`  ${line}`) });
    // Of a key the server checks the hash at each request, and takes a quarter of a second for it.
    const credentials = { username: store.login.user, password: store.login.password };
    return {
      source: { platform: 'vendure', url: store.url, credentials },
      mapping: {},
      check: async (target, failures) => {
        const failed = new Set(failures.map(({ entity, sourceId }) => `${entity}:${sourceId}`));
        const rows = await readStore(store.url, store.login);
        return checkMigration({ rows, target, isFailed: (entity, id) => failed.has(`${entity}:${id}`) });
      },
      stop: () => void store.kill(),
    };
  } catch (error) {
    await store.kill();
    throw error;
  }
}
