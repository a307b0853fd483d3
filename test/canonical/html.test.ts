import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cleanHtmlForm, htmlForm, htmlToText, sanitiseHtml } from '../../src/canonical/html.ts';
import { removeShortcodes } from '../../src/canonical/shortcodes.ts';

describe('sanitising', () => {
  test.each([
    ['<p>a<script>alert(1)</script></p>', '<p>a</p>'],
    ['<object data="x"><p>fallback</p></object>b', 'b'],
    ['<a href="#" onclick="x()" class="c">l</a>', '<a href="#" class="c">l</a>'],
    ['<a href=" java\tscript:alert(1)">l</a>', '<a>l</a>'],
    ['<svg><script>1</script><a xlink:href="javascript:1"></a></svg>', '<svg><a></a></svg>'],
    ['<noscript><img src="x" onerror="y"></noscript>', '<noscript><img src="x"></noscript>'],
    ['<template><script>1</script>t</template>', '<template>t</template>'],
  ])('%s becomes %s', (html, expected) => {
    expect(sanitiseHtml(html)).toEqual({ html: expected, removed: true });
  });

  test('leaves harmless HTML alone, character by character', () => {
    const html = '<P class=\'x\'>one<BR>two &amp; <style>.a{}</style><iframe src="https://video.example"></iframe>';
    expect(sanitiseHtml(html)).toEqual({ html, removed: false });
  });

  test('a second pass finds nothing', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.constantFrom(
            '<script>',
            '</script>',
            '<a onclick=1 href=javascript:x>',
            '<p>',
            'text',
            '<svg>',
            '"',
            '<!--',
          ),
        ),
        (parts) => {
          expect(sanitiseHtml(sanitiseHtml(parts.join('')).html).removed).toBe(false);
        },
      ),
      { numRuns: 300 },
    );
  });
});

describe('leftover shortcodes', () => {
  test.each([
    ['<p>[box id="3"]kept[/box]</p>', '<p>kept</p>'],
    ['[tabs]<p>a</p>[/tabs]', '<p>a</p>'],
    ['x [contact-form-7 id="1"] y', 'x  y'],
    ['x [my_slider/] y', 'x  y'],
  ])('%s becomes %s', (html, expected) => {
    expect(removeShortcodes(html)).toEqual({ html: expected, removed: true });
  });

  test.each(['a [sic] b', '[1]', '[see page 3]', '<a title="[x y=1]">t</a>', '<style>a[b_c]{}</style>'])(
    '%s is a writer’s own and stays',
    (html) => {
      expect(removeShortcodes(html)).toEqual({ html, removed: false });
    },
  );
});

describe('the comparison form (N6)', () => {
  test.each([
    ['<p class="a" id="x1">T</p>', '<p>T</p>'],
    ['<img alt="a" src="b">', '<img src="b" alt="a" srcset="c 2x" loading="lazy">'],
    ['<p>a   b</p>\n<p>c</p>', '<p>a b</p><p>c</p>'],
    ['<p>cafe\u0301</p>', '<p>caf\u00e9</p>'],
    ['<p>a &amp; b</p>', '<p>a &#38; b</p>'],
    ['<style>#gallery-1{}</style><p>x</p>', '<style>#gallery-2{}</style><p>x</p>'],
  ])('%s and %s are the same', (a, b) => {
    expect(htmlForm(a)).toBe(htmlForm(b));
  });

  test.each([
    ['<p>a</p>', '<p>A</p>'],
    ['<a href="/x">a</a>', '<a href="/y">a</a>'],
    ['<p>a</p>', '<div>a</div>'],
    ['<img src="a">', '<img src="b">'],
    ['<p>a</p><p>b</p>', '<p>ab</p>'],
  ])('%s and %s differ', (a, b) => {
    expect(htmlForm(a)).not.toBe(htmlForm(b));
  });

  test('of the source side is taken after sanitising and without shortcodes', () => {
    expect(cleanHtmlForm('<p onclick="x">[b_x]t<script nonce="1">2</script></p>')).toBe(htmlForm('<p>t</p>'));
  });

  test('the text of blocks is set apart, of inline elements not', () => {
    expect(htmlToText('<p>a<b>b</b></p><ul><li>c</li></ul><script>no</script>')).toBe('ab c');
    expect(htmlToText('a < b')).toBe('a < b');
  });
});
