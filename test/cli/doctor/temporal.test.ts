import { expect, inject, it } from 'vitest';
import { checkTemporal } from '../../../src/cli/doctor/temporal.ts';
import { freePorts } from '../../support/free-port.ts';

const WANTED = { StoreferryProject: 'Keyword', StoreferryAttention: 'Bool' };

async function look(change: { address?: string; namespace?: string; wanted?: Record<string, string> } = {}) {
  const { address = inject('temporalAddress'), namespace = inject('temporalNamespace'), wanted = WANTED } = change;
  const checks = await checkTemporal({ address, namespace, connectionOptions: { address } }, wanted);
  return Object.fromEntries(checks.map(({ name, ...rest }) => [name, rest]));
}

it('finds a server that has everything', async () => {
  expect(await look()).toEqual({
    temporal: { state: 'ok', found: expect.stringMatching(/^1\.\d+\.\d+ at 127/), remedy: null },
    'temporal-namespace': { state: 'ok', found: expect.stringContaining('for 90 days'), remedy: null },
    'temporal-search-attributes': { state: 'ok', found: 'StoreferryProject, StoreferryAttention', remedy: null },
    'clock-temporal': { state: 'ok', found: expect.stringMatching(/^Temporal is \d+ ms/), remedy: null },
  });
});

it('fails a namespace that is not there, with the command that makes it', async () => {
  const checks = await look({ namespace: 'nowhere' });
  expect(checks['temporal-namespace']).toMatchObject({
    state: 'failed',
    found: 'nowhere is not there',
    remedy: expect.stringMatching(/^temporal operator namespace create .*--namespace nowhere$/),
  });
  expect(checks['clock-temporal']).toMatchObject({ state: 'warning', remedy: 'see temporal-namespace first' });
});

it('fails search attributes that are missing or of another type', async () => {
  const missing = await look({ wanted: { ...WANTED, StoreferryMoon: 'Int' } });
  expect(missing['temporal-search-attributes']).toMatchObject({
    state: 'failed',
    found: expect.stringContaining('lacks the search attributes StoreferryMoon'),
    remedy: expect.stringContaining('temporal operator search-attribute create'),
  });
  const other = await look({ wanted: { StoreferryAttention: 'Keyword' } });
  expect(other['temporal-search-attributes']).toMatchObject({
    state: 'failed',
    found: expect.stringContaining('StoreferryAttention is Bool and must be Keyword'),
  });
});

it('fails a server that does not answer', async () => {
  const [port] = (await freePorts(1)) as [number];
  const checks = await look({ address: `127.0.0.1:${port}` });
  expect(checks['temporal']).toMatchObject({ state: 'failed', remedy: expect.stringContaining('TEMPORAL_ADDRESS') });
  expect(checks['temporal-namespace']).toMatchObject({ state: 'warning', remedy: 'see temporal first' });
});
