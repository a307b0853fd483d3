import { expect, it } from 'vitest';
import { inWords } from '../../src/cli/client/in-words.ts';
import { orNull, wholeNumber, wholeNumberOrDefault, wholeNumbers } from '../../src/cli/client/numbers.ts';
import { summaryOf } from '../../src/cli/client/watch.ts';
import type { ProjectStatus } from '../../src/cli/client/api-client.ts';

it('shows an answer as names with values, and each list as a table', () => {
  const words = inWords({
    project: 'shop',
    paused: false,
    attention: null,
    run: { run: 'full-1', passes: [50, 400] },
    gates: [
      { gate: 'trial', state: 'open', evidence: { readBack: 3 } },
      { gate: 'mass-delete-product', state: 'passed', passedBy: 'ops' },
    ],
    none: [],
  });
  expect(words).toBe(
    [
      'project  shop',
      'paused   false',
      'none     ',
      'run',
      '  run     full-1',
      '  passes  50, 400',
      'gates',
      '  gate                 state   evidence        passedBy',
      '  trial                open    {"readBack":3}  -',
      '  mass-delete-product  passed  -               ops',
      '',
    ].join('\n'),
  );
});

it('cuts what is too wide for a table, and says so', () => {
  const [, , row] = inWords({ rows: [{ reason: 'x'.repeat(200) }] }).split('\n');
  expect(row).toHaveLength(62);
  expect(row?.endsWith('…')).toBe(true);
});

it('refuses numbers that are none, or out of bounds, before the API is asked', () => {
  const read = wholeNumber(1, 32);
  expect(read('32')).toBe(32);
  for (const bad of ['0', '33', '1.5', '-1', 'many', '', ' 3', '1e1']) expect(() => read(bad)).toThrow('from 1 to 32');
  expect(orNull(wholeNumberOrDefault(1, 32)('default'))).toBeNull();
  expect([orNull(7), orNull(undefined)]).toEqual([7, undefined]);
  expect(wholeNumberOrDefault(1, 32)('32')).toBe(32);
  expect(() => wholeNumberOrDefault(1, 32)('none')).toThrow('from 1 to 32');
  expect(wholeNumbers(1, 100)('50, 100')).toEqual([50, 100]);
  expect(() => wholeNumbers(1, 100)('50,,1')).toThrow('from 1 to 100');
});

it('says in a line how fast a run is, what is left and what holds it up', () => {
  const run = {
    run: 'full-1',
    kind: 'full',
    state: 'running',
    step: 'copy',
    endedAt: null,
    endedReason: null,
    entities: [],
    queueDepth: 12,
    waits: [],
    recordsPerMinute: 1_240,
    netPerMinute: null,
    etaSeconds: 200,
    lag: { oldestChangeSeconds: 4.2, captureSeconds: 30, sweepSeconds: null, changes: 12 },
    pass: { number: 1, name: 'trial', state: 'copying' },
    throttle: "the target's rate window is used up",
  } satisfies NonNullable<ProjectStatus['run']>;
  expect(summaryOf(run)).toBe(
    "trial, copy: 1,240 a minute, 3 min left, 12 changes wait (oldest 4 s), the target's rate window is used up",
  );
  const quiet = { ...run, pass: null, etaSeconds: null, throttle: null };
  expect(summaryOf({ ...quiet, lag: { ...run.lag, oldestChangeSeconds: null, changes: 0 } })).toBe(
    'copy: 1,240 a minute, 0 changes wait',
  );
  expect(summaryOf({ ...quiet, lag: { ...run.lag, sweepSeconds: 7_200.4 } })).toContain('last swept 2.0 h ago');
  expect(summaryOf({ ...run, netPerMinute: -1_500 })).toContain('1,240 a minute (net -1,500), ');
  expect(summaryOf({ ...run, etaSeconds: 89 })).toContain('89 s left');
  expect(summaryOf({ ...run, etaSeconds: 9_000 })).toContain('2.5 h left');
});
