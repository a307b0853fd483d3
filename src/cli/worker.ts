import { loadClientConnectConfig } from '@temporalio/envconfig';
import { openLedger } from '../ledger/database.ts';
import { assertSearchAttributes } from '../stack/temporal-namespace.ts';
import { databaseUrlOf, runService, sealingKeyOf } from './service.ts';
import type { OpenService } from './service.ts';

/** `storeferry worker`: composition root of one worker process. */
export function runWorker(): Promise<void> {
  return runService('worker', openWorker);
}

const openWorker: OpenService = async (settings) => {
  sealingKeyOf(settings);
  const { connectionOptions, namespace = 'default' } = loadClientConnectConfig();
  await assertSearchAttributes(connectionOptions, {
    namespace,
    searchAttributes: settings.temporal.searchAttributes,
  });
  const ledger = openLedger({ url: databaseUrlOf(settings), applicationName: 'storeferry-worker' });
  const idle = setInterval(() => {}, 60_000);
  return {
    facts: { namespace },
    close: async () => {
      clearInterval(idle);
      await ledger.close();
    },
  };
};
