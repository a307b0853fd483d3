import Fastify from 'fastify';
import { migrateLedger } from '../ledger/migrate.ts';
import { openLedger } from '../ledger/database.ts';
import { databaseUrlOf, runService, sealingKeyOf } from './service.ts';
import type { OpenService } from './service.ts';

/** `storeferry api`: composition root of the API process. */
export function runApi(): Promise<void> {
  return runService('api', openApi);
}

const openApi: OpenService = async (settings, log) => {
  sealingKeyOf(settings);
  const ledger = openLedger({ url: databaseUrlOf(settings), applicationName: 'storeferry-api' });
  // The API brings the schema up to date; workers wait for it (src/stack/stack.ts starts them after it).
  const applied = await migrateLedger(ledger.db);
  if (applied.length > 0) log.info({ applied }, 'ledger schema brought up to date');
  const app = Fastify({ loggerInstance: log });
  app.get('/v1/health', () => ({ status: 'ok' }));
  await app.listen({ host: settings.api.host, port: settings.api.port });
  return {
    facts: { url: settings.api.url },
    close: async () => {
      await app.close();
      await ledger.close();
    },
  };
};
