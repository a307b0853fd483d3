import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { announceReady, childOptions, closeOnSignals } from '../shared/child.ts';
import { wooCommerceOptions } from './options.ts';
import { seedShop, type ShopSeed } from './seed/shop.ts';
import { presets, sizeOfRecords } from './seed/sizes.ts';
import { createWooCommerceSandbox } from './server.ts';

/*
 * The store as a process of its own. Credentials come from SANDBOX_WC_KEY and SANDBOX_WC_SECRET (and
 * SANDBOX_WP_USER, SANDBOX_WP_PASSWORD), everything else from the command line. With `--products` an empty shop is
 * seeded, with `--records` one of about so many records in all, with `--size` S, M or L one of the set sizes; a shop that
 * its state file brings back is left as it is. With `--life` so many events per second happen in it from the start on.
 */
const names =
  'port,host,state-file,seed,size,records,products,categories,brands,time-zone,permission,life,cron-every-ms,latency-ms,list-lag-ms,late-commit-limit-ms,tls-key-file,tls-cert-file';

const count = z.coerce.number().int().nonnegative().optional();
const command = wooCommerceOptions.extend({
  stateFile: z.string().optional(),
  size: z.enum(['S', 'M', 'L']).optional(),
  records: count,
  products: count,
  categories: count,
  brands: count,
  tlsKeyFile: z.string().optional(),
  tlsCertFile: z.string().optional(),
});

function given(name: string, key: string): Record<string, string> {
  const value = process.env[name];
  return value ? { [key]: value } : {};
}

const { size, records, products, categories, brands, stateFile, tlsKeyFile, tlsCertFile, ...options } = command.parse({
  ...childOptions(process.argv.slice(2), names.split(',')),
  ...given('SANDBOX_WC_KEY', 'consumerKey'),
  ...given('SANDBOX_WC_SECRET', 'consumerSecret'),
  ...given('SANDBOX_WP_USER', 'applicationUser'),
  ...given('SANDBOX_WP_PASSWORD', 'applicationPassword'),
});
const tls =
  tlsKeyFile && tlsCertFile
    ? { key: readFileSync(tlsKeyFile, 'utf8'), cert: readFileSync(tlsCertFile, 'utf8') }
    : options.tls;

const sandbox = await createWooCommerceSandbox({
  ...options,
  tls,
  ...(stateFile === undefined ? {} : { stateFile }),
});
const wanted = extent();
if (wanted && sandbox.store.products.size === 0) {
  seedShop(sandbox.store, options.seed, wanted);
  sandbox.changed();
}
closeOnSignals(() => sandbox.close());
announceReady(sandbox.url);

/** What an empty shop is seeded with; undefined: nothing. */
function extent(): ShopSeed | undefined {
  if (size !== undefined) return { ...presets[size], redirectLoop: true };
  if (records !== undefined) return { ...sizeOfRecords(records), redirectLoop: true };
  return products === undefined ? undefined : { products, categories, brands };
}
