import { expect, test } from 'vitest';
import type { DemoCheck } from '../../src/cli/demo-check.ts';
import { type CheckedDemo, demoDocument, demoExitCode, demoWords } from '../../src/cli/demo-report.ts';
import { ENTITIES } from '../../src/domain/entity.ts';

const none = { source: 0, target: 0, adjusted: 0, failed: 0 };
const check: DemoCheck = {
  ok: true,
  entities: {
    ...(Object.fromEntries(ENTITIES.map((entity) => [entity, none])) as DemoCheck['entities']),
    product: { source: 10, target: 9, adjusted: 4, failed: 1 },
  },
  lost: 0,
  doubled: 0,
  different: 0,
  foreign: 0,
  wrong: [],
};
const demo = (changes: Partial<DemoCheck> = {}, outcome = 'completed'): CheckedDemo => ({
  project: 'demo-1',
  run: 'full-1',
  outcome,
  seconds: 12.3,
  check: { ...check, ...changes },
});

test('the document says of each entity what both stores hold, and nothing else', () => {
  const document = JSON.parse(demoDocument(demo({ lost: 2, doubled: 3 }))) as Record<string, Record<string, unknown>>;
  expect(Object.keys(document)).toEqual(['entities', 'lost', 'duplicated', 'seconds']);
  expect(Object.keys(document['entities'] ?? {})).toEqual([...ENTITIES]);
  expect(document).toMatchObject({
    entities: { product: { source: 10, target: 9, adjusted: 4, failed: 1 }, page: none },
    lost: 2,
    duplicated: 3,
    seconds: 12.3,
  });
});

test('people read how the run ended, the totals, and what is wrong first', () => {
  const [ended, checked, ...wrong] = demoWords(
    demo({ different: 1, wrong: ['different: product 7 name: expected a, got b'] }),
  );
  expect(ended).toBe('project demo-1: completed in 12.3 s');
  expect(checked).toContain('10 records compared, 0 lost, 0 doubled, 1 different');
  expect(wrong).toEqual(['different: product 7 name: expected a, got b']);
});

test.each([
  ['a completed run that the checker agrees with', demo(), 0],
  ['a completed run that it does not agree with', demo({ ok: false }), 1],
  ['a run that failed, whatever arrived', demo({}, 'failed'), 1],
])('%s ends with its own exit code', (_what, result, code) => {
  expect(demoExitCode(result)).toBe(code);
});
