import { describe, expect, test } from 'vitest';
import { openGovernor } from '../../src/connectors/http/open-governor.ts';
import {
  openSource,
  openTarget,
  SOURCE_ENVIRONMENT,
  SOURCE_PLATFORMS,
  STORE_SCHEMAS,
  type StoreSettings,
} from '../../src/connectors/platforms.ts';

const SETTINGS: StoreSettings = {
  network: { allowPrivate: false },
  governor: openGovernor(),
  timeoutMs: 1_000,
  concurrency: 1,
};
const url = 'https://shop.example.test';
const CREDENTIALS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  woocommerce: { consumerKey: 'ck_1', consumerSecret: 'cs_1' },
  vendure: { apiKey: 'look:secret' },
};
const at = (platform: string, secrets: Readonly<Record<string, string>>, shown = {}) =>
  openSource({ platform, baseUrl: url, secrets, shown }, SETTINGS);

function take(credentials: object, options?: object): boolean {
  const more = options === undefined ? {} : { options };
  return STORE_SCHEMAS.source.safeParse({ platform: 'vendure', url, credentials, ...more }).success;
}

describe('the table of platforms', () => {
  test.each(SOURCE_PLATFORMS)('opens %s by what it asks for, and offers or declines every entity', (platform) => {
    const credentials = CREDENTIALS[platform] ?? {};
    expect(STORE_SCHEMAS.source.parse({ platform, url, credentials })).toEqual({ platform, url, credentials });
    const source = at(platform, credentials);
    expect(source.platform).toBe(platform);
    const offered = source.entities.flatMap(({ entity, brings }) => [entity, ...brings]);
    expect(offered).toEqual(
      expect.arrayContaining(['category', 'brand', 'product', 'stock', 'customer', 'order', 'coupon']),
    );
    for (const { entity, why } of source.notOffered) {
      expect(offered).not.toContain(entity);
      expect(why.length).toBeGreaterThan(20);
    }
    expect(new Set([...offered, ...source.notOffered.map(({ entity }) => entity)]).size).toBe(12);
  });

  test('names variables of the environment for credentials that there are', () => {
    for (const platform of SOURCE_PLATFORMS) {
      const names = Object.keys(SOURCE_ENVIRONMENT[platform] ?? {});
      expect(names).toEqual(expect.arrayContaining(Object.keys(CREDENTIALS[platform] ?? {})));
    }
    const variables = SOURCE_PLATFORMS.flatMap((platform) => Object.values(SOURCE_ENVIRONMENT[platform] ?? {}));
    expect(new Set(variables).size).toBe(variables.length);
  });

  test('says which platforms there are', () => {
    expect(() => at('constructor', {})).toThrow('constructor is no source platform; known: woocommerce, vendure');
    const target = { platform: 'woocommerce', baseUrl: url, secrets: {}, shown: {} };
    expect(() => openTarget(target, SETTINGS)).toThrow('known: bigcommerce');
  });

  test('takes each of the ways into Vendure, one at a time, and what else there is to say of it', () => {
    expect([take({ apiKey: 'a:b' }), take({ username: 'u', password: 'p' }), take({ accessToken: 't' })]).toEqual([
      true,
      true,
      true,
    ]);
    expect([
      take({}),
      take({ username: 'u' }),
      take({ apiKey: 'a', accessToken: 't' }),
      take({ consumerKey: 'ck' }),
    ]).toEqual([false, false, false, false]);
    const options = {
      channel: 'eu',
      brandFacet: 'maker',
      storefrontUrl: 'https://shop.example.test',
      productPath: '/p/{slug}',
    };
    expect([
      take({ apiKey: 'a' }, options),
      take({ apiKey: 'a' }, { productPath: '/p/' }),
      take({ apiKey: 'a' }, { storefrontUrl: 'ftp://x' }),
      take({ apiKey: 'a' }, { colour: 'red' }),
    ]).toEqual([true, false, false, false]);
  });

  test('two channels of a Vendure are two stores', () => {
    const keys = [{}, { channel: 'eu' }, { channel: 'us' }].map(
      (shown) => at('vendure', { apiKey: 'a:b' }, shown).storeKey,
    );
    expect(new Set(keys).size).toBe(3);
  });

  test('a source that has no places lists none', async () => {
    const places = [];
    for await (const some of at('vendure', { apiKey: 'a:b' }).places(new AbortController().signal)) places.push(some);
    expect(places).toEqual([]);
  });
});
