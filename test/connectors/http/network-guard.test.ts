import { describe, expect, test } from 'vitest';
import {
  assertPublicUrl,
  checkedUrl,
  guardedLookup,
  isPublicAddress,
} from '../../../src/connectors/http/network-guard.ts';

const closed = { allowPrivate: false };
const open = { allowPrivate: true };

describe('the network guard', () => {
  test.each([
    '127.0.0.1',
    '10.1.2.3',
    '172.16.0.1',
    '192.168.1.1',
    '169.254.169.254',
    '100.64.0.1',
    '100.100.100.200',
    '168.63.129.16',
    '0.0.0.0',
    '255.255.255.255',
    '224.0.0.1',
    '::1',
    '::',
    'fe80::1%eth0',
    'fd00:ec2::254',
    '::ffff:127.0.0.1',
    '::ffff:a9fe:a9fe',
    '64:ff9b::7f00:1',
    '2002:7f00:1::',
    'not an address',
  ])('takes %s for not public', (address) => {
    expect(isPublicAddress(address)).toBe(false);
  });

  test.each(['93.184.216.34', '2606:2800:220:1::1', '::ffff:93.184.216.34', '64:ff9b::5db8:d822'])(
    'takes %s for public',
    (address) => {
      expect(isPublicAddress(address)).toBe(true);
    },
  );

  test.each([
    'http://127.0.0.1:3000/',
    'http://2130706433/',
    'http://0x7f.1/',
    'http://[::1]/',
    'http://localhost:8080/',
    'https://shop.localhost/',
    'http://169.254.169.254/latest/meta-data',
  ])('refuses %s unless private networks are allowed', (url) => {
    expect(() => checkedUrl(url, closed)).toThrow(expect.objectContaining({ kind: 'address-refused' }));
    expect(checkedUrl(url, open)).toBeInstanceOf(URL);
  });

  test.each([
    'ftp://shop.example/',
    'file:///etc/passwd',
    'javascript:alert(1)',
    'no url',
    'https://user:pw@shop.example/',
  ])('refuses %s even where private networks are allowed', (url) => {
    expect(() => checkedUrl(url, open)).toThrow(expect.objectContaining({ kind: 'address-refused' }));
  });

  test('a refusal does not repeat the password in the address', () => {
    expect(() => checkedUrl('https://user:hunter2@shop.example/', open)).toThrow(
      expect.not.objectContaining({ message: expect.stringContaining('hunter2') }),
    );
  });

  test('judges the address that a name resolves to, and hands on just what was judged', async () => {
    const resolve = (network: typeof closed, all: boolean) =>
      new Promise((done, fail) => {
        guardedLookup(network)('localhost', { all }, (error, address) => (error ? fail(error) : done(address)));
      });
    await expect(resolve(closed, true)).rejects.toMatchObject({ kind: 'address-refused' });
    await expect(resolve(closed, false)).rejects.toMatchObject({ kind: 'address-refused' });
    await expect(resolve(open, true)).resolves.toEqual(
      expect.arrayContaining([expect.objectContaining({ address: expect.any(String) })]),
    );
    await expect(resolve(open, false)).resolves.toMatch(/^(127\.|::1)/);
  });

  test('a public address by form that is an inner one by name is refused', async () => {
    await expect(assertPublicUrl('http://127.0.0.1/a.jpg', closed)).rejects.toMatchObject({ kind: 'address-refused' });
    await expect(assertPublicUrl('http://127.0.0.1/a.jpg', open)).resolves.toBeUndefined();
    await expect(assertPublicUrl('https://93.184.216.34/a.jpg', closed)).resolves.toBeUndefined();
  });
});
