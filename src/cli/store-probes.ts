import { openGovernor } from '../connectors/http/open-governor.ts';
import { assertPublicUrl } from '../connectors/http/network-guard.ts';
import { StoreFailure } from '../connectors/http/failures.ts';
import { openSource, openTarget, STORE_SCHEMAS, type StoreSettings } from '../connectors/platforms.ts';
import type { Probe, StoreInput } from '../api/deps.ts';
import type { Settings } from '../config/settings.ts';

/** A first look at a store is a handful of requests; nobody else waits for its quota. */
const PROBE_CONCURRENCY = 2;
const DEFAULT_TARGET_URL = 'https://api.bigcommerce.com';

/** First looks at stores, for the API, which knows no connectors. */
export function storeProbes({ network, sync }: Settings) {
  const settings: StoreSettings = {
    network: { allowPrivate: network.allowPrivate },
    governor: openGovernor(PROBE_CONCURRENCY),
    timeoutMs: sync.requestTimeoutMs,
    concurrency: PROBE_CONCURRENCY,
  };
  return {
    storeSchemas: STORE_SCHEMAS,
    addressProblem: async (url: string) => {
      try {
        await assertPublicUrl(url, settings.network);
        return undefined;
      } catch (error) {
        if (error instanceof StoreFailure) return error.message;
        throw error;
      }
    },
    probeSource: (store: StoreInput) =>
      look(async () => {
        const source = openSource(
          {
            platform: store.platform,
            baseUrl: store.url ?? '',
            secrets: given(store.credentials),
            shown: given(store.options),
          },
          settings,
        );
        const profile = await source.check(AbortSignal.timeout(sync.requestTimeoutMs));
        return { ok: true, storeRef: source.storeKey, name: profile.name };
      }),
    probeTarget: (store: StoreInput) =>
      look(async () => {
        const secrets = given(store.credentials);
        const shown = { ...given(store.options), storeHash: secrets['storeHash'] ?? '' };
        const target = openTarget(
          { platform: store.platform, baseUrl: store.url ?? DEFAULT_TARGET_URL, secrets, shown },
          settings,
        );
        const profile = await target.check(AbortSignal.timeout(sync.requestTimeoutMs));
        return { ok: true, storeRef: target.storeRef, name: profile.name };
      }),
  };
}

function given(values: Readonly<Record<string, string | undefined>> = {}): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}

async function look(act: () => Promise<Probe>): Promise<Probe> {
  try {
    return await act();
  } catch (error) {
    if (error instanceof StoreFailure) return { ok: false, code: error.kind, message: error.message };
    if (error instanceof Error && error.name === 'TimeoutError')
      return { ok: false, code: 'unreachable', message: 'it did not answer in time' };
    throw error;
  }
}
