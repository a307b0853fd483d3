import { expect, it } from 'vitest';
import { inWords } from '../../src/cli/client/in-words.ts';
import { passesInWords } from '../../src/cli/client/passes-in-words.ts';

it('shows passes as a table and the records of the trial field by field', () => {
  const fields = [{ field: 'core.name', meant: 'Blue tee', found: 'Blue tee', same: true }];
  const record = { entity: 'product', sourceId: '7', targetId: '111', verdict: 'same', fields };
  const wrong = {
    ...record,
    sourceId: '8',
    verdict: 'different',
    fields: [{ field: 'core.price', meant: 10, found: 11 }],
  };
  const note = {
    records: 50,
    runtimeSeconds: 12,
    recordsPerMinute: 250,
    readBack: { readBack: 50, mismatches: 1, edited: 0 },
    broken: [{ rule: 'mismatch-rate', message: '1 of 50 records that were read back' }],
    mismatches: [wrong],
    sideBySide: [record],
  };
  const words = inWords(
    passesInWords({
      passes: [
        { number: 1, name: 'trial', state: 'stopped', note },
        { number: 2, name: 'pass 2', state: 'copying', note: null },
      ],
    }),
  );
  expect(words).toContain('1       trial   stopped  50       12       250        50        1           0');
  expect(words).toContain('2       pass 2  copying  -');
  expect(words).toContain('product 8 -> 111  different  core.price  10     11');
  expect(words).toContain('product 7 -> 111  same     core.name  Blue tee  Blue tee');
  expect(words).toContain('1 of 50 records that were read back');
});
