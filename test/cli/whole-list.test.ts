import { expect, it } from 'vitest';
import { wholeList } from '../../src/cli/client/whole-list.ts';

/** Answers one page after the other and notes what was asked. */
function pages(...answers: object[]) {
  const asked: string[] = [];
  const ask = async (query: string) => {
    asked.push(query);
    return answers[asked.length - 1] as Record<string, unknown>;
  };
  return { asked, ask };
}

it('follows a list to its end and says that nothing is left', async () => {
  const { asked, ask } = pages(
    { failures: ['a', 'b'], next: 'WyJhIl0' },
    { failures: [], next: 'x=&y' },
    { failures: ['c'], next: null },
  );
  expect(await wholeList(ask, 'failures')).toEqual({ failures: ['a', 'b', 'c'], next: null });
  expect(asked).toEqual(['limit=200', 'limit=200&after=WyJhIl0', 'limit=200&after=x%3D%26y']);
});

it('goes on before what it saw last where the newest comes first', async () => {
  const { asked, ask } = pages({ runs: [9, 8], next: 8 }, { runs: [7], next: null });
  expect((await wholeList(ask, 'runs')).runs).toEqual([9, 8, 7]);
  expect(asked).toEqual(['limit=200', 'limit=200&before=8']);
});

it('asks each page for the same, from where it was told to begin, and keeps what else an answer says', async () => {
  const { asked, ask } = pages({ keys: ['k'], items: [1], next: 'n' }, { keys: ['k'], items: [2], next: null });
  expect(await wholeList(ask, 'items', { key: 'a b' })).toEqual({ keys: ['k'], items: [1, 2], next: null });
  expect(asked).toEqual(['limit=200&key=a+b', 'limit=200&key=a+b&after=n']);
  const slices = pages({ slices: [], next: 60 }, { slices: [], next: null });
  await wholeList(slices.ask, 'slices', { after: 50 });
  expect(slices.asked).toEqual(['limit=200&after=50', 'limit=200&after=60']);
});
