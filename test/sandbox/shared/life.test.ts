import Fastify from 'fastify';
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { addLifeRoutes } from '../../../src/sandbox/shared/life/life-routes.ts';
import type { Life } from '../../../src/sandbox/shared/life/life.ts';
import { anyOf, createLife } from '../../../src/sandbox/shared/life/life.ts';
import { createPace } from '../../../src/sandbox/shared/life/pace.ts';
import { createRandom } from '../../../src/sandbox/shared/random.ts';

/** A store that is a list of words. */
function wordLife(seed = 1): { life: Life; words: string[] } {
  const words: string[] = [];
  const life = createLife<{ draw: () => number }>({
    seed,
    now: () => Date.UTC(2026, 0, 1),
    sceneOf: (random) => ({ draw: () => random.int(1, 1_000_000) }),
    refusalOf: (error) => (error instanceof RangeError ? error.message : undefined),
    happenings: [
      { kind: 'add', weight: 5, happen: ({ draw }) => [words[words.push(`word ${draw()}`) - 1]!] },
      { kind: 'drop', weight: 1, happen: () => (words.length > 3 ? [words.pop()!] : null) },
      { kind: 'never', weight: 2, happen: () => null },
      {
        kind: 'refused',
        weight: 1,
        happen: () => {
          throw new RangeError('no room');
        },
      },
      {
        kind: 'broken',
        weight: 0,
        happen: () => {
          throw new TypeError('a mistake');
        },
      },
    ],
  });
  return { life, words };
}

describe('a life in steps', () => {
  test('the same seed brings the same events about, another seed others; the log alone does too', () => {
    const [first, second, other, copy] = [wordLife(3), wordLife(3), wordLife(4), wordLife(9)];
    const events = first.life.step(60);
    expect(second.life.step(20).concat(second.life.step(40))).toEqual(events);
    other.life.step(60);
    expect(other.words).not.toEqual(first.words);
    expect(copy.life.replay(events)).toEqual(events);
    expect(copy.words).toEqual(first.words);
    expect(first.words.length).toBeGreaterThan(10);
  });

  test('what cannot happen is passed over, what the store refuses is noted, what is a mistake is thrown', () => {
    const { life } = wordLife();
    const events = life.step(100);
    expect(events.map(({ number }) => number)).toEqual(Array.from({ length: 100 }, (_, at) => at + 1));
    const refused = events.filter(({ kind }) => kind === 'refused');
    expect(refused.length).toBeGreaterThan(0);
    expect(refused[0]).toMatchObject({ refused: 'no room', touched: [], at: '2026-01-01T00:00:00.000Z' });
    expect(life.describe()).toMatchObject({ seed: 1, events: 100, refused: refused.length });
    expect(life.describe().byKind['never']).toBeUndefined();
    expect(() => life.replay([{ kind: 'broken', seed: 1 }])).toThrow(TypeError);
    expect(life.replay([{ kind: 'never', seed: 1 }])[0]).toMatchObject({
      refused: 'the store holds nothing to do it with',
    });
  });

  test('kinds limit it; where nothing more can happen fewer events come back', () => {
    const { life, words } = wordLife();
    expect(life.step(5, ['never'])).toEqual([]);
    expect(life.step(6, ['add']).map(({ kind }) => kind)).toEqual(Array.from({ length: 6 }, () => 'add'));
    expect(life.step(9, ['drop'])).toHaveLength(3);
    expect(words).toHaveLength(3);
    expect(life.log(7).map(({ number }) => number)).toEqual([8, 9]);
  });

  test('a row anew: the seed is what counts, not what happened before', () => {
    const { life, words } = wordLife(3);
    life.step(7);
    life.reseed(3);
    words.length = 0;
    const again = life.step(10).map(({ kind, seed }) => [kind, seed]);
    expect(again).toEqual(
      wordLife(3)
        .life.step(10)
        .map(({ kind, seed }) => [kind, seed]),
    );
  });

  test('a long life remembers its latest events, and counts all of them', () => {
    const { life } = wordLife();
    life.step(45_000, ['add']);
    const log = life.log();
    expect(log.length).toBe(20_000);
    expect([log[0]!.number, log.at(-1)!.number]).toEqual([25_001, 45_000]);
    expect(life.describe()).toMatchObject({ events: 45_000, byKind: { add: 45_000 } });
  });

  test('a row by chance fits, or is null', () => {
    const table = new Map([1, 2, 3].map((id) => [id, { id }]));
    expect(anyOf(createRandom(1), table, ({ id }) => id === 2)).toEqual({ id: 2 });
    expect(anyOf(createRandom(1), table, () => false)).toBeNull();
    expect(anyOf(createRandom(1), new Map(), () => true)).toBeNull();
  });
});

describe('a pace', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  test('a walk ends with its last event, at the rate it was told', async () => {
    const pace = createPace(() => Date.now());
    const steps: number[] = [];
    let ended = 0;
    const walk = pace.walk(10, 15, (count) => steps.push(count) && count).then((done) => (ended = done));
    await vi.advanceTimersByTimeAsync(1_000);
    expect([steps.reduce((sum, one) => sum + one, 0), ended]).toEqual([10, 0]);
    await vi.advanceTimersByTimeAsync(500);
    expect(await walk).toBe(15);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('a walk ends when nothing more can happen, when the pace is closed, and with what went wrong', async () => {
    const pace = createPace(() => Date.now());
    const short = pace.walk(10, 15, (count) => Math.min(count, 0));
    const closed = pace.walk(10, 1_000, (count) => count);
    const broken = pace
      .walk(10, 5, () => {
        throw new TypeError('a mistake');
      })
      .catch((error: unknown) => error);
    await vi.advanceTimersByTimeAsync(500);
    expect(await short).toBe(0);
    pace.close();
    expect(await closed).toBe(5);
    expect(await pace.walk(10, 15, (count) => count)).toBe(0);
    expect(await broken).toBeInstanceOf(TypeError);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('a kept rate goes on until it is set again; a machine that slept makes up for two seconds only', async () => {
    const pace = createPace(() => Date.now());
    let happened = 0;
    const step = (count: number): number => {
      happened += count;
      return count;
    };
    pace.keep(5, step);
    await vi.advanceTimersByTimeAsync(2_000);
    expect([happened, pace.rate()]).toEqual([10, 5]);
    vi.setSystemTime(Date.now() + 3_600_000);
    await vi.advanceTimersByTimeAsync(50);
    expect(happened).toBe(20);
    pace.keep(0, step);
    await vi.advanceTimersByTimeAsync(5_000);
    expect([happened, pace.rate()]).toEqual([20, 0]);
  });
});

async function served(perSecond = 0) {
  const made = wordLife(5);
  const app = Fastify();
  let changes = 0;
  addLifeRoutes(app, { path: '/life', life: made.life, changed: () => (changes += 1), perSecond });
  const url = await app.listen({ port: 0, host: '127.0.0.1' });
  onTestFinished(() => app.close());
  const send = async (body?: unknown) => {
    const init = { method: 'POST', body: JSON.stringify(body), headers: { 'content-type': 'application/json' } };
    const reply = await fetch(`${url}/life`, body === undefined ? {} : init);
    // oxlint-disable-next-line typescript/no-explicit-any -- answers are looked at field by field
    return { status: reply.status, body: (await reply.json()) as any };
  };
  return { ...made, app, url, send, changes: () => changes };
}

describe('routes', () => {
  test('events happen at once, at a rate, and again from a log', async () => {
    const { send, changes, words } = await served();
    const once = await send({ events: 4, seed: 8, kinds: ['add'] });
    expect(once.body).toMatchObject({ seed: 8, events: 4, perSecond: 0 });
    expect([once.body.happened.length, words.length, changes()]).toEqual([4, 4, 1]);
    const paced = await send({ events: 3, perSecond: 100 });
    expect(paced.body.happened.map((one: { number: number }) => one.number)).toEqual([5, 6, 7]);
    const again = await send({ replay: once.body.happened });
    expect(again.body.happened.map((one: { touched: string[] }) => one.touched)).toEqual(
      once.body.happened.map((one: { touched: string[] }) => one.touched),
    );
    expect((await send()).body).toMatchObject({ events: 11, kinds: ['add', 'drop', 'never', 'refused', 'broken'] });
  });

  test('a kept rate begins with the store, is set over the route, and ends with the store', async () => {
    const { send, words, life, app } = await served(200);
    await expect.poll(() => words.length).toBeGreaterThan(3);
    expect((await send()).body.perSecond).toBe(200);
    const still = (await send({ perSecond: 0 })).body.events as number;
    expect((await send({ events: 1 })).body.events).toBe(still + 1);
    await send({ perSecond: 500 });
    await expect.poll(() => life.describe().events).toBeGreaterThan(still + 3);
    const { events } = (await send({ perSecond: 0 })).body;
    // By injection: a closing store cuts its connections.
    const asked = app.inject({ method: 'POST', url: '/life', payload: { events: 100_000, perSecond: 50 } });
    const waiting = asked.then((reply) => reply.json<{ happened: unknown[] }>().happened.length);
    await expect.poll(() => life.describe().events).toBeGreaterThan(events);
    await app.close();
    expect(await waiting).toBeLessThan(1_000);
  });

  test.each([
    {},
    { events: 0 },
    { events: 3, perSecond: 0 },
    { perSecond: 5, kinds: ['add'] },
    { replay: [{ kind: 'add' }] },
    { replay: [], events: 2 },
    { events: 1, kinds: ['unheard-of'] },
    { replay: [{ kind: 'unheard-of', seed: 1 }] },
  ])('%j is refused, and nothing happens', async (body) => {
    const { send, life } = await served();
    expect((await send(body)).status).toBe(400);
    expect(life.describe().events).toBe(0);
  });
});
