import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { type RunningChild, startChild } from '../../src/stack/child-process.ts';
import { saysReady } from '../../src/stack/part.ts';
import { installStore, STORE_FOLDER } from './install.ts';
import { type Login, StoreApi } from './store-api.ts';

export interface RealStoreOptions {
  /** Keeps the store's database and pictures; the same folder again is the same store. */
  readonly folder: string;
  /** Of a store that was started in this folder before. Default: new ones. */
  readonly login?: Login;
  /** Default: a free one. */
  readonly port?: number;
  /** Most rows that a list of the Admin API gives. Default: Vendure's own. */
  readonly listLimit?: number;
}

/** A real Vendure server in a process of its own, on loopback. */
export class RealStore {
  readonly url: string;
  readonly login: Login;
  readonly #child: RunningChild;

  private constructor(url: string, login: Login, child: RunningChild) {
    this.url = url;
    this.login = login;
    this.#child = child;
  }

  /** Installs what is missing and resolves once the store answers. */
  static async start({ folder, port = 0, listLimit, login = newLogin() }: RealStoreOptions): Promise<RealStore> {
    await installStore();
    let ready = '';
    const child = await startChild({
      name: 'real store',
      command: process.execPath,
      args: [
        join(STORE_FOLDER, 'server.mjs'),
        '--with-parent',
        '--folder',
        folder,
        '--port',
        String(port),
        ...(listLimit === undefined ? [] : ['--list-limit', String(listLimit)]),
      ],
      env: { ...process.env, STORE_USER: login.user, STORE_PASSWORD: login.password },
      ready: saysReady,
      onLine: (line) => {
        if (saysReady(line)) ready = line;
      },
    });
    const killWithUs = () => child.kill();
    process.once('exit', killWithUs);
    void child.ended.then(() => process.removeListener('exit', killWithUs));
    const said = JSON.parse(ready) as { port: number };
    return new RealStore(`http://127.0.0.1:${said.port}`, login, child);
  }

  get pid(): number {
    return this.#child.pid;
  }

  admin(): Promise<StoreApi> {
    return StoreApi.admin(this.url, this.login);
  }

  /** A key that lets a program read everything, as a merchant makes one for a migration. Shown once. */
  async newApiKey(): Promise<string> {
    const admin = await this.admin();
    const { roles } = await admin.ask<{ roles: { items: { id: string; code: string }[] } }>(
      `{ roles { items { id code } } }`,
    );
    const role = roles.items.find(({ code }) => code === '__super_admin_role__');
    const { made } = await admin.ask<{ made: { apiKey: string } }>(
      `mutation ($input: CreateApiKeyInput!) { made: createApiKey(input: $input) { apiKey } }`,
      { input: { roleIds: [role?.id], translations: [{ languageCode: 'en', name: 'Migration' }] } },
    );
    return made.apiKey;
  }

  /** Writes the store to its folder and ends it. */
  stop(): Promise<void> {
    return this.#child.stop();
  }

  /** Ends it at once; what was done since its start is forgotten. */
  async kill(): Promise<void> {
    this.#child.kill();
    await this.#child.ended;
  }
}

function newLogin(): Login {
  return { user: 'superadmin', password: randomBytes(12).toString('hex') };
}
