import { CommanderError } from 'commander';
import { expect, it } from 'vitest';
import { apiThatIsAsked } from './api-that-is-asked.ts';

const { asked, ...api } = apiThatIsAsked(202, () => ({ accepted: true }));
const run = async (...argv: string[]) => (await api.run(...argv)).map(({ path, body }) => `${path} ${body}`);

it('takes back what is set to default, and names nothing else', async () => {
  const path = '/v1/projects/shop/rate';
  expect(await run('rate', 'shop', '--concurrency', 'default')).toEqual([`${path} {"concurrency":null}`]);
  expect(await run('rate', 'shop', '--batch-size', '20', '--reserve', 'default')).toEqual([
    `${path} {"batchSize":20,"reservePercent":null}`,
  ]);
  await expect(run('rate', 'shop', '--concurrency', '33')).rejects.toThrow(CommanderError);
});

it('tries one failure again, or all of them, and refuses what names none', async () => {
  const path = '/v1/projects/shop/failures/retry';
  expect(await run('failures', 'shop', '--retry', 'all')).toEqual([`${path} {"all":true}`]);
  expect(await run('failures', 'shop', '--retry', 'redirect:/a:b')).toEqual([
    `${path} {"entity":"redirect","sourceId":"/a:b"}`,
  ]);
  for (const bad of ['product', 'product:', ':7', '']) {
    await expect(run('failures', 'shop', '--retry', bad)).rejects.toThrow('such as product:12');
  }
  expect(asked).toEqual([]);
});
