import { describe, expect, test } from 'vitest';
import { adminApiPath, pagePath, serverUrl, storeKeyOf } from '../../../src/connectors/vendure/options.ts';
import { placeOf } from '../../../src/connectors/vendure/place.ts';
import { stubServer } from './stub-server.ts';

describe('the address of a server', () => {
  test.each([
    ['https://api.example.test', 'https://api.example.test'],
    [' https://api.example.test/ ', 'https://api.example.test'],
    ['https://api.example.test/admin-api', 'https://api.example.test'],
    ['https://api.example.test/shop/admin-api/?x=1', 'https://api.example.test/shop'],
    ['nonsense', 'nonsense'],
  ])('%s is %s', (baseUrl, expected) => {
    expect(serverUrl({ baseUrl })).toBe(expected);
  });

  test('knows an Admin API that lies elsewhere', () => {
    const options = { baseUrl: 'https://api.example.test/back/office', adminApiPath: '/back/office/' };
    expect(serverUrl(options)).toBe('https://api.example.test');
    expect(adminApiPath(options)).toBe('/back/office');
  });
});

function key(baseUrl: string, channel?: string): string {
  return storeKeyOf({ baseUrl, ...(channel === undefined ? {} : { channel }) });
}

describe('the store key', () => {
  test('is the same however the address is written', () => {
    const keys = ['https://a.example.test', 'http://a.example.test/', 'https://a.example.test/admin-api'].map((url) =>
      key(url),
    );
    expect(new Set(keys).size).toBe(1);
    expect(keys[0]).toMatch(/^[0-9a-f]{10}$/);
  });

  test('differs between servers, and between channels of one server', () => {
    const all = [key('https://a.example.test'), key('https://b.example.test'), key('https://a.example.test', 'eu')];
    expect(new Set(all).size).toBe(3);
  });
});

describe('addresses of pages', () => {
  test('have a slash at each end and the slug encoded', () => {
    expect(pagePath('/products/{slug}', 'blue-mug')).toBe('/products/blue-mug/');
    expect(pagePath('shop/{slug}.html/', 'a b/c')).toBe('/shop/a%20b%2Fc.html/');
    expect(pagePath('/products/{slug}', '')).toBeNull();
  });

  test('are those of the storefront, where there is one', async () => {
    const server = await stubServer(() => ({ body: {} }));
    expect(placeOf(server.options())).toMatchObject({ shopUrl: server.url, productPath: '/products/{slug}' });
    const told = placeOf(server.options({ storefrontUrl: 'https://shop.example.test', collectionPath: '/c/{slug}' }));
    expect(told).toMatchObject({
      serverUrl: server.url,
      shopUrl: 'https://shop.example.test',
      collectionPath: '/c/{slug}',
    });
    await server.close();
  });
});
