import { describe, expect, it } from 'vitest';
import { shopPathsIn, withNewLinks, withPlainLinks } from '../../src/canonical/shop-links.ts';

const SHOP = 'https://shop.example.test';
const moved: Readonly<Record<string, string>> = { '/product/boot/': '/boots/boot/', '/чай/': '/tea/' };
const record = (href: string) => ({ name: 'x', body: `<a href="${href}">x</a>`, tags: ['a'], at: null });
const rewrite = (html: string) => withNewLinks(html, SHOP, (path) => moved[path] ?? null);

describe('links to the shop inside texts', () => {
  it.each([
    ['absolute', '<a href="https://shop.example.test/product/boot/">x</a>', '<a href="/boots/boot/">x</a>'],
    ['without scheme', '<a href="//shop.example.test/product/boot">x</a>', '<a href="/boots/boot/">x</a>'],
    ['from the root', '<p><a href="/Product/BOOT/?a=1#b">x</a></p>', '<p><a href="/boots/boot/?a=1#b">x</a></p>'],
    ['in another script', `<a href='/%D1%87%D0%B0%D0%B9/'>x</a>`, '<a href="/tea/">x</a>'],
    ['of a map', '<map><area href="/product/boot/"></map>', '<map><area href="/boots/boot/"></map>'],
  ])('lead to where it is now: %s', (_what, html, expected) => {
    expect(rewrite(html)).toEqual({ html: expected, rewritten: 1 });
  });

  it.each([
    ['to another host', '<a href="https://other.example.test/product/boot/">x</a>'],
    ['to a page that did not move', `<a class=x href='/about/'>x`],
    ['that are where they should be', '<a href="/boots/boot/">x</a>'],
    ['relative to the page', '<a href="product/boot/">x</a>'],
    ['of another kind', '<a href="mailto:ann@example.test">x</a> <a href="#top">y</a>'],
    ['that nobody can read', '<a href="https://[">x</a>'],
    ['that are none', 'href = "/product/boot/" as text'],
  ])('stay as they are, to the letter: %s', (_what, html) => {
    expect(rewrite(html)).toEqual({ html, rewritten: 0 });
  });

  it('are the same link with the host, without it, and in other letters, once they are plain', () => {
    const plain = withPlainLinks(record(`${SHOP}/Product/boot?a=1`), SHOP);
    expect(plain).toEqual(record('/product/boot/?a=1'));
    expect(withPlainLinks(record('/product/boot/?a=1'), SHOP)).toEqual(plain);
  });

  it('are found wherever a record has texts, each path once', () => {
    const whole = {
      description: `<a href="/a/">1</a><a href="${SHOP}/A">2</a><a href="/">3</a>`,
      variants: [{ description: '<a href="/b/?x=1">4</a>' }],
      sku: 'href',
      price: 3,
    };
    expect(shopPathsIn(whole, SHOP)).toEqual(['/a/', '/b/']);
  });
});
