import { expect, it } from 'vitest';
import { createRequestMeter } from '../../src/activities/request-meter.ts';
import type { RequestFact } from '../../src/connectors/http/store-client.ts';

const fact = (given: Partial<RequestFact> = {}): RequestFact => ({
  method: 'GET',
  route: 'orders',
  status: 200,
  ms: 20,
  attempt: 1,
  cause: null,
  failure: null,
  ...given,
});

it('counts requests by side, and gives each count once, so that samples of several activities add up', () => {
  const meter = createRequestMeter();
  meter.of(1, 'source')(fact({ ms: 30 }));
  meter.of(1, 'target')(fact());
  meter.of(1, 'target')(fact({ attempt: 2, status: 429, failure: 'busy' }));
  meter.of(2, 'target')(fact());
  expect(meter.take(1)).toEqual({
    sourceRequests: 1,
    sourceMs: 30,
    targetRequests: 2,
    targetMs: 40,
    retried: 1,
    refused: 1,
  });
  expect(meter.take(1)).toMatchObject({ sourceRequests: 0, targetRequests: 0, retried: 0 });
  expect(meter.take(2).targetRequests).toBe(1);
});

it('counts requests by what they came to, and keeps what could not be handed on', () => {
  const meter = createRequestMeter();
  for (const failure of [null, null, 'busy', null] as const) meter.of(1, 'target')(fact({ failure }));
  meter.of(1, 'source')(fact());
  meter.of(2, 'source')(fact({ failure: 'uncertain', status: null }));
  const counted = meter.takeOutcomes(1);
  expect(counted.toSorted((a, b) => b.count - a.count)).toEqual([
    { side: 'target', outcome: 'ok', count: 3 },
    { side: 'target', outcome: 'busy', count: 1 },
    { side: 'source', outcome: 'ok', count: 1 },
  ]);
  expect(meter.takeOutcomes(1)).toEqual([]);
  meter.of(1, 'target')(fact());
  meter.giveBack(1, counted);
  expect(meter.takeOutcomes(1)).toContainEqual({ side: 'target', outcome: 'ok', count: 4 });
  expect(meter.takeOutcomes(2)).toEqual([{ side: 'source', outcome: 'uncertain', count: 1 }]);
});

it('remembers which store turned its credentials away until it is asked', () => {
  const meter = createRequestMeter();
  meter.of(1, 'target')(fact({ status: 401, failure: 'credentials-rejected' }));
  meter.of(1, 'target')(fact({ status: 401, failure: 'credentials-rejected' }));
  meter.take(1);
  expect(meter.takeRejections(2)).toEqual([]);
  expect(meter.takeRejections(1)).toEqual(['target']);
  expect(meter.takeRejections(1)).toEqual([]);
});
