/** A filled real store to look at by hand: `node --import tsx test/real-store/main.ts [--records 150] [--seed 1] [--install]`. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { installStore } from './install.ts';
import { RealStore } from './real-store.ts';
import { fillStore } from './seed/fill-store.ts';

const { values } = parseArgs({
  options: {
    records: { type: 'string', default: '150' },
    seed: { type: 'string', default: '1' },
    install: { type: 'boolean', default: false },
  },
});
const say = (line: string) => process.stderr.write(`${line}\n`);
await installStore(undefined, say);
if (!values.install) {
  const folder = mkdtempSync(join(tmpdir(), 'storeferry-real-store-'));
  const store = await RealStore.start({ folder });
  await fillStore(store.url, store.login, { seed: Number(values.seed), records: Number(values.records) });
  const credentials = { ...store.login, apiKey: await store.newApiKey() };
  process.stdout.write(`${JSON.stringify({ url: store.url, pid: store.pid, ...credentials })}\n`);
  process.once('SIGINT', () => {
    void store.kill().then(() => rmSync(folder, { recursive: true, force: true }));
  });
}
