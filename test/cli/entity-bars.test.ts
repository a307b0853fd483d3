import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { entityBars } from '../../src/cli/entity-bars.ts';

function stream(isTTY: boolean): { stream: NodeJS.WriteStream; text: () => string } {
  const through = new PassThrough();
  let text = '';
  through.on('data', (chunk: Buffer) => (text += chunk.toString()));
  const terminal = Object.assign(through, { isTTY, columns: 80, rows: 24 });
  return { stream: terminal as unknown as NodeJS.WriteStream, text: () => text };
}

const counts = (done: number) => [
  { entity: 'category', done, total: 3 },
  { entity: 'product', done: 0, total: 10 },
];

test('away from a terminal each change of the counts is one line', () => {
  const { stream: out, text } = stream(false);
  const bars = entityBars(out);
  for (const shown of [[], counts(1), counts(1), counts(3)]) bars.show(shown);
  bars.stop();
  expect(text()).toBe('category 1/3  product 0/10\ncategory 3/3  product 0/10\n');
});

test('on a terminal each entity has a bar of its own that ends where its counts end', () => {
  const { stream: out, text } = stream(true);
  const bars = entityBars(out);
  bars.show(counts(1));
  bars.show(counts(3));
  bars.stop();
  expect(text()).toMatch(/category .* 3\/3/);
  expect(text()).toMatch(/product .* 0\/10/);
});
