import { expect, it } from 'vitest';
import { deliveryRetryMs, tellRetryMs } from '../../src/domain/alerts.ts';
import { alertNames, MOST_NAMES, toldLast, wantedLines, wantsPerson } from '../../src/domain/open-alerts.ts';

const lag = { version: 7, names: ['lag-above-limit'] };

it('names an alert by its kind and what of the kind, and stays short however many there are', () => {
  expect(
    alertNames([
      { kind: 'lag-above-limit', subject: '' },
      { kind: 'credentials-rejected', subject: 'source' },
    ]),
  ).toEqual(['lag-above-limit', 'credentials-rejected source']);
  const hooks = Array.from({ length: MOST_NAMES + 4 }, (_, topic) => ({
    kind: 'hook-disabled' as const,
    subject: `topic-${topic}`,
  }));
  const names = alertNames(hooks);
  expect(names).toHaveLength(MOST_NAMES + 1);
  expect(names.at(-1)).toBe('4 more');
  expect(alertNames(hooks.slice(0, MOST_NAMES)).at(-1)).toBe(`hook-disabled topic-${MOST_NAMES - 1}`);
});

it('takes what was told last, in whatever order and however often it arrives', () => {
  expect(toldLast(undefined, lag)).toEqual(lag);
  const closed = { version: 8, names: [] };
  expect(toldLast(lag, closed)).toEqual(closed);
  expect(toldLast(closed, lag)).toBe(closed);
  expect(toldLast(lag, { ...lag })).toBe(lag);
});

it.each([null, undefined, {}, 'lag', { version: '9', names: [] }, { version: 9 }, { version: 9, names: [1] }])(
  'leaves things as they are when it is told %j, which says nothing of alerts',
  (told) => {
    expect(toldLast(lag, told)).toBe(lag);
    expect(toldLast(undefined, told)).toBeUndefined();
  },
);

it('keeps no more than names, and not more of them than it tells itself', () => {
  const names = Array.from({ length: 500 }, (_, at) => `n${at}`);
  const told = toldLast(undefined, { version: 9, names, more: 'of it' });
  expect(Object.keys(told ?? {})).toEqual(['version', 'names']);
  expect(told?.names).toHaveLength(MOST_NAMES + 1);
});

it('wants a person for a gate, for alerts, for both, and for nothing else', () => {
  const none = { version: 9, names: [] };
  expect(wantsPerson({ attention: null })).toBe(false);
  expect(wantsPerson({ attention: null, alerts: none })).toBe(false);
  expect(wantsPerson({ attention: null, alerts: lag })).toBe(true);
  expect(wantsPerson({ attention: 'gate trial', alerts: none })).toBe(true);
  expect(wantedLines('tea', { attention: null, alerts: none })).toEqual([]);
  expect(wantedLines('tea', { attention: null, alerts: lag })).toEqual([
    '**Needs a person:** open alerts: lag-above-limit (storeferry alerts tea)',
  ]);
  expect(wantedLines('tea', { attention: 'gate trial', alerts: lag })).toEqual([
    '**Needs a person:** gate trial',
    '**Open alerts:** lag-above-limit (storeferry alerts tea)',
  ]);
  expect(wantedLines('tea', { attention: 'gate trial' })).toEqual(['**Needs a person:** gate trial']);
});

it('is told again within a minute when Temporal was away, and ever more seldom where there is no workflow', () => {
  expect([1, 2, 3, 7, 40].map((attempts) => tellRetryMs(attempts, 'failed'))).toEqual([
    1_000, 2_000, 4_000, 60_000, 60_000,
  ]);
  expect(tellRetryMs(7, 'no-workflow')).toBe(64_000);
  expect(tellRetryMs(40, 'no-workflow')).toBe(deliveryRetryMs(40));
});
