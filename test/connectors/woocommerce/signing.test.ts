import { createHmac } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { consumerSigner } from '../../../src/connectors/woocommerce/signing.ts';
import { normalisedBaseUrl, storeKeyOf } from '../../../src/connectors/woocommerce/store-key.ts';

const key = 'ck_0123456789abcdef';
const secret = 'cs_fedcba9876543210';
const request = { method: 'GET' as const, headers: { accept: 'application/json' } };

describe('signing', () => {
  test('over https it is Basic', () => {
    const signed = consumerSigner(key, secret)({ ...request, url: 'https://shop.example/wp-json/wc/v3/products' });
    expect(signed.headers['authorization']).toBe(`Basic ${Buffer.from(`${key}:${secret}`).toString('base64')}`);
  });

  test('over http it is OAuth 1.0a, the secret stays home, and the query is covered', () => {
    const url = 'http://shop.example/wp-json/wc/v3/products?include=1%2C2&search=a%20b';
    const signed = consumerSigner(key, secret)({ ...request, url });
    const header = signed.headers['authorization'] ?? '';
    expect(signed.url).toBe(url);
    expect(header).not.toContain(secret);
    const fields = Object.fromEntries(
      [...header.matchAll(/(oauth_\w+)="([^"]*)"/g)].map(([, name = '', value = '']) => [
        name,
        decodeURIComponent(value),
      ]),
    );
    const { oauth_signature: signature, ...rest } = fields;
    const pairs = Object.entries({ ...rest, include: '1,2', search: 'a b' })
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`);
    const base = `GET&${encodeURIComponent('http://shop.example/wp-json/wc/v3/products')}&${encodeURIComponent(pairs.join('&'))}`;
    expect(signature).toBe(createHmac('sha256', `${secret}&`).update(base).digest('base64'));
  });

  test('no two signatures use the same nonce', () => {
    const sign = consumerSigner(key, secret);
    const url = 'http://shop.example/';
    expect(sign({ ...request, url }).headers['authorization']).not.toBe(
      sign({ ...request, url }).headers['authorization'],
    );
  });
});

describe('the key of a shop', () => {
  test.each([
    'https://shop.example',
    'https://shop.example/',
    'http://shop.example',
    'https://SHOP.example:443/wp-json/wc/v3/',
    ' https://shop.example/?x=1#top ',
  ])('is the same for %s', (address) => {
    expect(storeKeyOf(address)).toBe(storeKeyOf('https://shop.example'));
  });

  test('differs between hosts, ports and folders', () => {
    const places = [
      'https://shop.example',
      'https://shop.example:8443',
      'https://shop.example/eu',
      'https://www.shop.example',
    ];
    expect(new Set(places.map(storeKeyOf)).size).toBe(places.length);
    expect(storeKeyOf('https://shop.example')).toMatch(/^[0-9a-f]{10}$/);
  });

  test('text that is no address stays what it is, for the guard to refuse', () => {
    expect(normalisedBaseUrl('not a url')).toBe('not a url');
  });
});
