import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { childOptions } from '../../../src/sandbox/shared/child.ts';
import { createClock } from '../../../src/sandbox/shared/clock.ts';
import { createJournal } from '../../../src/sandbox/shared/journal.ts';
import { visible } from '../../../src/sandbox/shared/limits.ts';
import { createRandom } from '../../../src/sandbox/shared/random.ts';
import { createConcurrencyCap, createRateWindow } from '../../../src/sandbox/shared/rate-limit.ts';
import { createStateReader, stateLines } from '../../../src/sandbox/shared/state-lines.ts';
import { openStateFile } from '../../../src/sandbox/shared/state-file.ts';

function draw(seed: number): number[] {
  const random = createRandom(seed);
  return Array.from({ length: 20 }, () => random.int(0, 1_000_000));
}

function folder(): string {
  const made = mkdtempSync(join(tmpdir(), 'sandbox-'));
  onTestFinished(() => rmSync(made, { recursive: true, force: true }));
  return made;
}

describe('random', () => {
  test('the same seed gives the same values, another seed others', () => {
    expect(draw(3)).toEqual(draw(3));
    expect(draw(3)).not.toEqual(draw(4));
  });

  test('whole numbers reach both ends and nothing beyond; a shuffle keeps all items', () => {
    const random = createRandom(1);
    const seen = new Set(Array.from({ length: 500 }, () => random.int(2, 5)));
    expect(seen).toEqual(new Set([2, 3, 4, 5]));
    expect(random.shuffle([1, 2, 3, 4, 5]).sort((a, b) => a - b)).toEqual([1, 2, 3, 4, 5]);
    expect(() => random.pick([])).toThrow(RangeError);
  });
});

test('a clock can be skewed, stepped, stopped, and runs on from where it was stopped', () => {
  let machine = 1_000;
  const clock = createClock(() => machine);
  clock.skew(500);
  expect(clock.now()).toBe(1_500);
  clock.freeze(9_000);
  machine += 100;
  clock.step(50);
  expect([clock.now(), clock.describe().frozen]).toEqual([9_050, true]);
  clock.freeze(null);
  machine += 10;
  expect(clock.now()).toBe(9_060);
});

test('rows become visible when they are as old as the lag', () => {
  const row = { visibleSinceMs: 1_000 };
  expect([visible(row, 1_000, 0), visible(row, 1_999, 1_000), visible(row, 2_000, 1_000)]).toEqual([true, false, true]);
});

describe('rate window', () => {
  test('tokens die with their window', () => {
    let now = 0;
    const window = createRateWindow({ quota: 2, windowMs: 1_000, now: () => now });
    expect([window.take().left, window.take().left]).toEqual([1, 0]);
    now = 400;
    expect(window.take()).toEqual({ allowed: false, quota: 2, left: 0, windowMs: 1_000, resetMs: 600 });
    now = 1_000;
    expect(window.take()).toMatchObject({ allowed: true, left: 1, resetMs: 1_000 });
  });

  test('a new quota counts what is used already', () => {
    const window = createRateWindow({ quota: 5, windowMs: 1_000, now: () => 0 });
    window.take(3);
    window.configure({ quota: 2 });
    expect(window.look()).toMatchObject({ allowed: false, left: 0, quota: 2 });
  });
});

test('a concurrency cap refuses when full, and a release counts once', () => {
  const cap = createConcurrencyCap(1);
  const release = cap.enter();
  expect([cap.enter(), cap.inFlight()]).toEqual([null, 1]);
  release?.();
  release?.();
  expect([cap.inFlight(), cap.highest(), cap.enter() === null]).toEqual([0, 1, false]);
});

test('the journal keeps the latest requests only, but counts all', () => {
  const journal = createJournal(3);
  for (let at = 1; at <= 20; at += 1) {
    journal.open({ at: '', method: 'GET', path: `/${at}`, route: '/:id', status: null });
  }
  expect(journal.entries().map((entry) => entry.path)).toEqual(['/18', '/19', '/20']);
  expect(journal.counts()).toMatchObject({ total: 20, byRoute: { 'GET /:id': 20 } });
});

describe('state file', () => {
  test('what was touched is written soon and found again', async () => {
    const path = join(folder(), 'deep', 'state.json');
    const file = openStateFile({ path, snapshot: () => ({ rows: 3 }), debounceMs: 1 });
    expect(file.load()).toBeUndefined();
    file.touch();
    await vi.waitFor(() => expect(openStateFile({ path, snapshot: () => ({}) }).load()).toEqual({ rows: 3 }));
  });

  test('closing writes at once, and only what changed', () => {
    const path = join(folder(), 'state.json');
    let writes = 0;
    const file = openStateFile({ path, snapshot: () => ({ write: (writes += 1) }), debounceMs: 60_000 });
    file.close();
    expect([writes, file.load()]).toEqual([0, undefined]);
    file.touch();
    file.close();
    file.close();
    expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual({ write: 1 });
  });

  test('lists go row by row, so that no store is too long for one text', () => {
    const path = join(folder(), 'state.json');
    const state = {
      version: 1,
      orders: [{ id: 1 }, { id: 2, name: 'a\nb 🍵' }],
      empty: [],
      nested: { 7: [1, 2] },
      none: undefined,
    };
    const file = openStateFile({ path, snapshot: () => state });
    file.touch();
    file.close();
    expect(readFileSync(path, 'utf8').split('\n').length).toBeGreaterThan(6);
    const { none: _none, ...kept } = state;
    expect(file.load()).toEqual(kept);
  });

  test('pieces that end anywhere are put together again', () => {
    const text = [...stateLines(Object.entries({ rows: [{ id: 1, name: 'äöü' }], at: 'x' }))].join('');
    const reader = createStateReader();
    for (const letter of text) reader.take(letter);
    expect(reader.end()).toEqual({ rows: [{ id: 1, name: 'äöü' }], at: 'x' });
    expect(createStateReader().end()).toBeUndefined();
  });

  test('a broken file is an error that names it', () => {
    const path = join(folder(), 'state.json');
    writeFileSync(path, '{"rows":');
    expect(() => openStateFile({ path, snapshot: () => ({}) }).load()).toThrow(path);
  });
});

test('child options come one by one or as one JSON, single ones win, unknown ones are refused', () => {
  const names = ['port', 'state-file'];
  const whole = JSON.stringify({ port: 1, seed: 7 });
  expect(childOptions(['--options', whole, '--port', '2', '--state-file', '/x'], names)).toEqual({
    port: '2',
    seed: 7,
    stateFile: '/x',
  });
  expect(() => childOptions(['--speed', '9'], names)).toThrow('--speed');
});
