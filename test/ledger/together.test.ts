import { expect, it } from 'vitest';
import { Together } from '../../src/ledger/together.ts';

/** A call that answers when it is told to; what each was asked with is noted. */
function slow() {
  const calls: { items: readonly string[]; end: (error?: Error) => void }[] = [];
  const together = new Together(
    (items: readonly string[]) =>
      new Promise<string>((resolve, reject) => {
        calls.push({ items, end: (error) => (error === undefined ? resolve(items.join()) : reject(error)) });
      }),
  );
  return { calls, together };
}

const turn = () => new Promise(setImmediate);

it('asks at once when nothing is under way', () => {
  const { calls, together } = slow();
  void together.ask(['a', 'b']);
  expect(calls.map(({ items }) => items)).toEqual([['a', 'b']]);
});

it('lets what comes meanwhile go together', async () => {
  const { calls, together } = slow();
  const answers = [together.ask(['a']), together.ask(['b']), together.ask(['c', 'd'])];
  calls[0]?.end();
  await turn();
  expect(calls.map(({ items }) => items)).toEqual([['a'], ['b', 'c', 'd']]);
  calls[1]?.end();
  expect(await Promise.all(answers)).toEqual(['a', 'b,c,d', 'b,c,d']);
});

it('asks for each alone when they fail together, so that only the one at fault fails', async () => {
  const { calls, together } = slow();
  const first = together.ask(['a']);
  const others = [together.ask(['b']), together.ask(['c'])];
  const outcomes = Promise.allSettled([first, ...others]);
  calls[0]?.end();
  await turn();
  calls[1]?.end(new Error('c is at fault'));
  await turn();
  calls[2]?.end();
  await turn();
  calls[3]?.end(new Error('c is at fault'));
  expect(await outcomes).toEqual([
    { status: 'fulfilled', value: 'a' },
    { status: 'fulfilled', value: 'b' },
    { status: 'rejected', reason: new Error('c is at fault') },
  ]);
  expect(calls.map(({ items }) => items)).toEqual([['a'], ['b', 'c'], ['b'], ['c']]);
});

it('goes on after a failure', async () => {
  const { calls, together } = slow();
  const failing = together.ask(['a']).catch((error: Error) => error.message);
  calls[0]?.end(new Error('no database'));
  expect(await failing).toBe('no database');
  const next = together.ask(['b']);
  calls[1]?.end();
  expect(await next).toBe('b');
});
