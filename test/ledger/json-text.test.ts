import { expect, test } from 'vitest';
import { jsonText } from '../../src/ledger/json-text.ts';

test('leaves what PostgreSQL can store as it is', () => {
  const value = { name: 'Tasse 🫖 "groß"', path: 'C:\\u0000', list: [1, null, true], nested: { '': '\n' } };
  expect(jsonText(value)).toBe(JSON.stringify(value));
});

test('replaces what it cannot store, wherever it stands', () => {
  expect(JSON.parse(jsonText({ a: ['x\0y', { b: '\ud83e' }], c: '\udeb6z', d: '\\ud800 \\u0000 🫖' }))).toEqual({
    a: ['x\ufffdy', { b: '\ufffd' }],
    c: '\ufffdz',
    d: '\\ud800 \\u0000 🫖',
  });
});
