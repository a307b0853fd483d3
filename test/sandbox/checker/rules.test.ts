import { describe, expect, it } from 'vitest';
import { sameForm, sourceForm, targetForm, unsafeParts } from '../../../src/sandbox/checker/rules/html.ts';
import { expectedMetas, isSecretMeta, sameMeta } from '../../../src/sandbox/checker/rules/meta-policy.ts';
import {
  cutAtWord,
  decoded,
  decodedName,
  foldedKey,
  isNothing,
  isRounded,
  sameAmount,
  sameFlag,
  sameInstant,
  samePrice,
  sameSet,
  sameText,
  sameTexts,
} from '../../../src/sandbox/checker/rules/normalise.ts';
import { exactPath, loosePath, pathForm, publicPath } from '../../../src/sandbox/checker/rules/paths.ts';
import { nameWith, settleClaims } from '../../../src/sandbox/checker/rules/unique-keys.ts';
import { lengthMeasure, unitsDiffer, weightMeasure } from '../../../src/sandbox/checker/rules/units.ts';
import { viewText } from '../../../src/sandbox/checker/rules/wordpress-text.ts';

describe('texts', () => {
  it('are equal whatever their composition and their blanks, not whatever their case', () => {
    expect(sameText('Caf\u00e9  au\nlait ', 'Cafe\u0301 au lait')).toBe(true);
    expect(sameText('Tea', 'tea')).toBe(false);
    expect(foldedKey(' TEA ')).toBe('tea');
    expect(sameTexts(['a', 'b'], ['a'])).toBe(false);
  });

  it('are decoded once, after tags have gone', () => {
    expect(decoded('Fish &amp;amp; chips')).toBe('Fish &amp; chips');
    expect(decodedName('<b>Big</b> &lt;tea&gt;')).toBe('Big <tea>');
  });

  it('are cut at a word, never inside a pair', () => {
    expect(cutAtWord('one two three', 8)).toBe('one two');
    expect(cutAtWord('short', 8)).toBe('short');
    expect(cutAtWord('\u{1f600}'.repeat(3), 3)).toBe('\u{1f600}');
  });
});

describe('figures', () => {
  it.each([
    ['5.555', 5.555, true],
    ['5.55555', 5.5556, true],
    ['5.55', 5.56, false],
    ['', 0, false],
  ])('price %s is %s at the target: %s', (a, b, same) => {
    expect(samePrice(a, b)).toBe(same);
  });

  it('of amounts may be nothing for 0; more than four decimals are said to be rounded', () => {
    expect(sameAmount('', 0)).toBe(true);
    expect(isRounded('1.00001')).toBe(true);
    expect(isRounded('1.5')).toBe(false);
  });

  it.each([
    [weightMeasure('lbs', 'kg'), '2', '0.9072'],
    [weightMeasure('g', 'g'), '2.123456', '2.123456'],
    [lengthMeasure('in', 'cm'), '3', '7.62'],
    [lengthMeasure('cm', 'm'), '', '0'],
  ])('are measured in the unit of the target (%#)', (measure, from, to) => {
    expect(measure(from)).toBe(to);
  });

  it('know units by all their names', () => {
    expect(unitsDiffer('lbs', 'Pounds')).toBe(false);
    expect(unitsDiffer('kg', 'g')).toBe(true);
    expect(unitsDiffer('', 'g')).toBe(false);
  });
});

describe('instants, sets and nothing', () => {
  it('are compared in UTC, to the second, in any order', () => {
    expect(sameInstant('2026-01-02T03:04:05', 'Fri, 02 Jan 2026 03:04:05 +0000')).toBe(true);
    expect(sameInstant('2026-01-02T03:04:05', '2026-01-02T03:04:06Z')).toBe(false);
    expect(sameSet([1, '2'], [2, 1])).toBe(true);
    expect(sameSet([1], [1, 1])).toBe(false);
    expect(sameSet([], null)).toBe(true);
    expect([null, undefined, '', []].every(isNothing)).toBe(true);
    expect(sameFlag(false, undefined)).toBe(true);
    expect(sameFlag(true, false)).toBe(false);
  });
});

describe('addresses', () => {
  it('are one whatever the encoding, the case and the slashes', () => {
    expect(pathForm('/Caf%C3%A9/x')).toBe('/café/x/');
    expect(publicPath('https://shop.example.test/?post_type=product&p=7')).toBeNull();
    expect(publicPath('https://shop.example.test/product/tea/')).toBe('/product/tea/');
    expect(exactPath('/tea/').fits('/TEA')).toBe(true);
  });

  it('that are not in Latin letters may become anything there, in their place', () => {
    const { fits } = loosePath('/product/чай-verde/', 7);
    expect(fits('/product/chai-verde/')).toBe(true);
    expect(fits('/product/chai-verde-7/')).toBe(true);
    expect(fits('/product/чай-verde/')).toBe(false);
    expect(fits('/other/chai-verde/')).toBe(false);
  });
});

describe('unique values', () => {
  it('go to the first claimant, others get what is free', () => {
    const claims = ['Tea', 'tea', 'TEA'].map((name, id) => ({ id, alternatives: [name, `${name} 2`, `${name} 3`] }));
    const settled = settleClaims(claims, foldedKey, ['tea 3']);
    expect([...settled.values()]).toEqual([
      { value: 'Tea', changed: false },
      { value: 'tea 2', changed: true },
      { value: 'TEA 3', changed: true },
    ]);
    expect(nameWith('one two three', ' (#7)', 12)).toBe('one two (#7)');
  });
});

describe('HTML', () => {
  it('is its text and the tags that matter; scripts of the source are gone, those of the target are found', () => {
    expect(sameForm(sourceForm('<p class="x">Tea &amp; cups</p>'), targetForm('<p>Tea &amp; cups</p>'))).toBe(true);
    expect(sameForm(sourceForm('<p>Tea<script>x()</script></p>'), targetForm('<p>Tea</p>'))).toBe(true);
    expect(sameForm(sourceForm('<p>Tea</p>'), targetForm('<p>Coffee</p>'))).toBe(false);
    expect(sameForm(sourceForm('<a href="/a">x</a>'), targetForm('<a href="/b">x</a>'))).toBe(false);
    expect(unsafeParts('<p onclick="x()"><script>y()</script><a href="javascript:z()">a</a></p>')).toEqual([
      'onclick',
      'script',
      'href',
    ]);
  });

  it('of WordPress is rendered where the state holds what was typed', () => {
    expect(viewText({ description: 'one\n\ntwo' }, 'description')).toBe('one\n\ntwo');
    expect(viewText({ description: 'one\n\ntwo', permalink_template: 'x' }, 'description')).toBe(
      '<p>one</p>\n<p>two</p>',
    );
  });
});

const metas = (...rows: [string, unknown][]) =>
  expectedMetas({ meta_data: rows.map(([key, value]) => ({ key, value })) });

describe('meta fields', () => {
  it('leave out noise, secrets and what has a place of its own', () => {
    const kept = metas(
      ['_edit_lock', '1'],
      ['api_token', 'x'],
      ['_yoast_wpseo_title', 'T'],
      ['colour', 'red'],
      ['none', null],
    );
    expect(kept.map(({ key, value }) => [key, value])).toEqual([['colour', 'red']]);
    expect(isSecretMeta('api_token')).toBe(true);
    expect(isSecretMeta('_edit_token')).toBe(false);
  });

  it('of one key are one list, long keys end in a hash, and JSON is compared as such', () => {
    expect(metas(['a', 1], ['a', 2])[0]).toMatchObject({ value: '[1,2]' });
    const [long] = metas(['k'.repeat(70), 'v']);
    expect(long?.fits(`${'k'.repeat(55)}-0123abcd`)).toBe(true);
    expect(long?.fits(`${'k'.repeat(55)}-other`)).toBe(false);
    expect(sameMeta('{"a":1,"b":2}', '{"b":2,"a":1}')).toBe(true);
    expect(sameMeta('1', '2')).toBe(false);
  });
});
