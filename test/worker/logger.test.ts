import { pino } from 'pino';
import { expect, it } from 'vitest';
import { temporalLogger } from '../../src/worker/logger.ts';

function capture() {
  const lines: Record<string, unknown>[] = [];
  const log = pino({ level: 'trace' }, { write: (line: string) => lines.push(JSON.parse(line) as never) });
  return { lines, logger: temporalLogger(log) };
}

it('writes the message with its fields at the level of the SDK', () => {
  const { lines, logger } = capture();
  logger.trace('t');
  logger.debug('d');
  logger.info('i', { taskQueue: 'control', workflowId: 'migration-shop' });
  logger.warn('w');
  logger.error('e');
  logger.log('WARN', 'by level');
  expect(lines.map(({ level, msg }) => [level, msg])).toEqual([
    [10, 't'],
    [20, 'd'],
    [30, 'i'],
    [40, 'w'],
    [50, 'e'],
    [40, 'by level'],
  ]);
  expect(lines[2]).toMatchObject({ taskQueue: 'control', workflowId: 'migration-shop' });
});

it('keeps the stack of an error', () => {
  const { lines, logger } = capture();
  logger.error('worker failed', { error: new Error('the core broke'), sdkComponent: 'core' });
  const err = { message: 'the core broke', type: 'Error', stack: expect.stringContaining('logger.test') };
  expect(lines[0]).toMatchObject({ sdkComponent: 'core', err });
});
