import type { Settings } from '../config/settings.ts';
import { sandboxUrls } from '../stack/sandbox-stores.ts';
import { developmentSettings } from './own-settings.ts';
import { bringUpStack } from './running-stack.ts';
import { say } from './terminal.ts';

/** `storeferry start`: the service, until a signal ends it. */
export async function start(): Promise<void> {
  const settings = developmentSettings();
  const stack = await bringUpStack(settings, (part, line) => say(`[${part}] ${line}`));
  for (const line of addresses(settings)) say(line);
  await stack.stopped;
}

/** Where a person finds what was started. */
export function addresses(settings: Settings): string[] {
  const { temporal, api, sandbox, keys } = settings;
  const { woocommerce, bigcommerce } = sandboxUrls(sandbox);
  const rows: [string, string | undefined][] = [
    ['API', `${api.url}/docs`],
    ['Temporal UI', temporal.external ? undefined : `http://${temporal.host}:${temporal.uiPort}`],
    ['sandbox WooCommerce', woocommerce],
    ['sandbox BigCommerce', bigcommerce],
    ['approver key', `in ${keys.approverFile}`],
  ];
  return rows.flatMap(([name, place]) => (place === undefined ? [] : [`${name.padEnd(20)} ${place}`]));
}
