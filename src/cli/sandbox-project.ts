import type { Settings } from '../config/settings.ts';
import { bigCommerceCredentials } from '../sandbox/bigcommerce/options.ts';
import { sandboxCredentials } from '../sandbox/woocommerce/options.ts';
import { sandboxUrls } from '../stack/sandbox-stores.ts';
import { DEMO_PREFIX, type DemoProject, type DemoStore } from './demo-migration.ts';

/** Words of the sandbox shop that are its plugins' own, decided on: no stop-key of the assessment asks for them. */
const DECISIONS = { orderStatuses: { 'awaiting-pickup': '8' } };

/** A new project between the two sandbox stores; a name is never used twice. Throws when one of them is switched off. */
export function sandboxProject({ sandbox }: Settings, now = Date.now()): DemoProject {
  const { woocommerce, bigcommerce } = sandboxUrls(sandbox);
  if (woocommerce === undefined || bigcommerce === undefined) {
    const off = woocommerce === undefined ? 'woocommerce' : 'bigcommerce';
    throw new Error(`the demo needs both sandbox stores: set sandbox.${off}.enabled to true in temporal-dev.yml`);
  }
  return {
    project: demoName(now),
    source: { platform: 'woocommerce', url: woocommerce, credentials: sandboxCredentials },
    target: sandboxTarget(bigcommerce),
    mapping: DECISIONS,
  };
}

/** Never used twice. */
export function demoName(now = Date.now()): string {
  return `${DEMO_PREFIX}${now.toString(36)}`;
}

export function sandboxTarget(url: string): DemoStore {
  return { platform: 'bigcommerce', url, credentials: bigCommerceCredentials };
}
