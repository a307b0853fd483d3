import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { comparableText, decodedText, stripTags } from '../../src/canonical/plain-text.ts';
import { asciiPath, comparablePath, pathWithSuffix, percentDecoded } from '../../src/canonical/slug-path.ts';
import { stableJson } from '../../src/canonical/stable-json.ts';
import { truncateHtml, truncateText } from '../../src/canonical/truncate.ts';

describe('plain text', () => {
  test('is decoded once, in NFC, and a lone ampersand stays (T1)', () => {
    expect(decodedText('Fish &amp; Chips')).toBe('Fish & Chips');
    expect(decodedText('Fish &amp;amp; Chips')).toBe('Fish &amp; Chips');
    expect(decodedText('AT&T &#8217; cafe\u0301 ')).toBe('AT&T \u2019 caf\u00e9');
  });

  test('compares with single blanks and with case', () => {
    expect(comparableText(' a \n\tb ')).toBe('a b');
    expect(comparableText('A')).not.toBe(comparableText('a'));
  });

  test('loses tags, not comparisons (T2)', () => {
    expect(stripTags('<b>Bold</b> tee<!-- x -->')).toBe('Bold tee');
    expect(stripTags('a < b > c')).toBe('a < b > c');
  });
});

describe('cutting', () => {
  test('ends at a word where one ends near enough', () => {
    expect(truncateText('hello wonderful world of things', 20)).toBe('hello wonderful');
    expect(truncateText(`a ${'x'.repeat(50)}`, 20)).toHaveLength(20);
    expect(truncateText('short', 20)).toBe('short');
  });

  test('never splits a pair, an accent or an entity', () => {
    expect(truncateText('😀😀😀', 3)).toBe('😀');
    expect(truncateText('abcde\u0301', 5)).toBe('abcd');
    expect(truncateText('Fish&amp;Chips', 7)).toBe('Fish');
  });

  test('is never longer than allowed nor broken', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 60 }), fc.integer({ min: 1, max: 40 }), (text, max) => {
        const cut = truncateText(text, max);
        expect(cut.length).toBeLessThanOrEqual(max);
        expect(cut).not.toMatch(/\p{Surrogate}/u);
        expect(text.startsWith(cut)).toBe(true);
      }),
    );
  });

  test('of HTML closes what is open, within the limit', () => {
    expect(truncateHtml('<p>hello <b>wonderful world</b> of things</p>', 38)).toBe(
      '<p>hello <b>wonderful world</b> of</p>',
    );
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 200 }), (max) => {
        const html = `<div class="long"><p>${'word &amp; '.repeat(12)}</p><a href="https://shop.example/a">link</a></div>`;
        const cut = truncateHtml(html, max);
        expect(cut.length).toBeLessThanOrEqual(max);
        expect(cut).not.toMatch(/&(?!amp;)|<[^>]*$/);
      }),
    );
  });
});

describe('paths', () => {
  test.each([
    ['/product/caf%C3%A9-gr%C3%B6%C3%9Fe/', '/product/cafe-grosse/'],
    ['product//blue tee', '/product/blue-tee/'],
    ['/товар/красный/', '/tovar/krasnyi/'],
    ['/προϊόν/', '/proion/'],
    ['/product/%f0%9f%98%80/', '/product/1f600/'],
    ['/Shop/A_B~c.d/', '/Shop/A_B~c.d/'],
    ['/a/100%/', '/a/100/'],
    ['/', '/'],
  ])('%s becomes %s', (path, expected) => {
    expect(asciiPath(path)).toBe(expected);
  });

  test('fit the limit and stay ASCII whatever comes', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 400 }), fc.integer({ min: 20, max: 255 }), (text, max) => {
        const path = asciiPath(text, max);
        expect(path.length).toBeLessThanOrEqual(max);
        expect(path).toMatch(/^\/([\w.~-]+\/)*$/);
        expect(asciiPath(path, max)).toBe(path);
      }),
    );
  });

  test('a suffix sets a clash apart within the limit', () => {
    expect(pathWithSuffix('/product/blue/', '12')).toBe('/product/blue-12/');
    const long = pathWithSuffix(`/product/${'x'.repeat(300)}/`, '12');
    expect(long).toHaveLength(255);
    expect(long.endsWith('-12/')).toBe(true);
  });

  test('compare percent-decoded, framed and without case (N11)', () => {
    expect(comparablePath('Product/caf%c3%a9')).toBe(comparablePath('/product//CAFÉ/'));
    expect(percentDecoded('100%25 %zz %ff')).toBe('100% %zz %ff');
  });
});

describe('stable JSON', () => {
  test('does not depend on the order of keys, at any depth', () => {
    expect(stableJson({ b: [{ y: 1, x: 2 }], a: null })).toBe(stableJson({ a: null, b: [{ x: 2, y: 1 }] }));
    expect(stableJson([2, 1])).not.toBe(stableJson([1, 2]));
  });

  test('is JSON of the same value, whatever the value holds', () => {
    const odd = {
      b: [undefined, null, -0, Number.NaN, 1e21, true],
      a: undefined,
      at: new Date(0),
      'ä"\n': '\u2028\ud800',
      '10': {},
      '9': [],
      ...(JSON.parse('{"__proto__":{"z":1,"y":2}}') as object),
    };
    expect(JSON.parse(stableJson(odd))).toEqual(JSON.parse(JSON.stringify(odd)));
    expect(stableJson(odd)).toBe(
      '{"9":[],"10":{},"__proto__":{"y":2,"z":1},"at":"1970-01-01T00:00:00.000Z",' +
        '"b":[null,null,0,null,1e+21,true],"ä\\"\\n":"\u2028\\ud800"}',
    );
    expect(stableJson(undefined)).toBe('null');
  });
});
