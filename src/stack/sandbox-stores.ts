import { join } from 'node:path';
import type { Settings } from '../config/settings.ts';
import { ownModule } from './own-command.ts';
import { saysReady } from './part.ts';
import type { Part } from './part.ts';

const HOST = '127.0.0.1';

type SandboxSettings = Settings['sandbox'];

/** The imitation stores that the settings ask for. Their state survives in the data folder. */
export function sandboxParts({ sandbox, dataFolder }: Settings): Part[] {
  const { woocommerce, bigcommerce } = sandbox;
  return [
    ...(woocommerce.enabled
      ? [
          storePart('woocommerce', woocommerce.port, dataFolder, [
            ...extentOf(woocommerce),
            '--seed',
            String(woocommerce.seed),
          ]),
        ]
      : []),
    ...(bigcommerce.enabled
      ? [storePart('bigcommerce', bigcommerce.port, dataFolder, ['--quota', String(bigcommerce.quota)])]
      : []),
  ];
}

function extentOf({ size, records, products }: SandboxSettings['woocommerce']): string[] {
  if (size !== undefined) return ['--size', size];
  return records === undefined ? ['--products', String(products)] : ['--records', String(records)];
}

function storePart(platform: keyof SandboxSettings, port: number, dataFolder: string, options: string[]): Part {
  const stateFile = join(dataFolder, `sandbox-${platform}.json`);
  const place = ['--port', String(port), '--state-file', stateFile];
  return {
    name: `sandbox-${platform}`,
    ...ownModule(`../sandbox/${platform}/main`, ...place, ...options),
    env: {},
    ready: saysReady,
    ports: [{ host: HOST, port, option: `sandbox.${platform}.port` }],
    dependsOn: [],
  };
}

/** Where the sandbox stores answer; undefined for one that is not enabled. */
export function sandboxUrls(sandbox: SandboxSettings): Record<keyof SandboxSettings, string | undefined> {
  return { woocommerce: urlOf(sandbox.woocommerce), bigcommerce: urlOf(sandbox.bigcommerce) };
}

function urlOf({ enabled, port }: { enabled: boolean; port: number }): string | undefined {
  return enabled ? `http://${HOST}:${port}` : undefined;
}
