import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadClientConnectConfig } from '@temporalio/envconfig';
import { Connection } from '@temporalio/client';
import { afterEach, beforeEach, expect, inject, test } from 'vitest';
import { loadSettings } from '../../src/config/settings.ts';
import type { Settings } from '../../src/config/settings.ts';
import { startChild } from '../../src/stack/child-process.ts';
import { findTemporalExecutable } from '../../src/stack/temporal-executable.ts';
import { assertSearchAttributes, describeMissingAttributes } from '../../src/stack/temporal-namespace.ts';
import { temporalEnvironment, temporalPart } from '../../src/stack/temporal-server.ts';
import { freePorts } from '../support/free-port.ts';

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'storeferry-test-'))));
afterEach(() => rmSync(folder, { recursive: true }));

function settings(variables: NodeJS.ProcessEnv = {}): Settings {
  const request = { workingFolder: folder, packageFolder: folder, searchFile: false };
  return loadSettings({ ...request, variables: { STOREFERRY_DATA: folder, ...variables } });
}

async function withServer(work: (address: string) => Promise<void>): Promise<void> {
  const [port, uiPort] = (await freePorts(2)) as [number, number];
  const { external: _external, ...temporal } = settings().temporal;
  const part = temporalPart(await findTemporalExecutable(), { ...temporal, port, uiPort, logLevel: 'never' });
  const { env: _env, ...options } = part;
  const server = await startChild(options);
  try {
    await part.afterReady?.();
    await work(`127.0.0.1:${port}`);
    const ui = await fetch(`http://127.0.0.1:${uiPort}/namespaces/storeferry/workflows`);
    expect(ui.status).toBe(200);
  } finally {
    await server.stop();
  }
}

test('a second start on the same database file finds the workflows of the first, kept for 90 days', async () => {
  const workflowId = 'migration-kept';
  await withServer(async (address) => {
    const connection = await Connection.connect({ address });
    await connection.workflowService.startWorkflowExecution({
      namespace: 'storeferry',
      workflowId,
      workflowType: { name: 'migration' },
      taskQueue: { name: 'storeferry-control' },
      requestId: workflowId,
    });
    await connection.close();
  });
  await withServer(async (address) => {
    const connection = await Connection.connect({ address });
    const described = await connection.workflowService.describeWorkflowExecution({
      namespace: 'storeferry',
      execution: { workflowId },
    });
    const { config } = await connection.workflowService.describeNamespace({ namespace: 'storeferry' });
    await connection.close();
    expect(described.workflowExecutionInfo?.type?.name).toBe('migration');
    expect(Number(config?.workflowExecutionRetentionTtl?.seconds)).toBe(90 * 86_400);
  });
});

test('a namespace with our search attributes passes; one without them is told the command that adds them', async () => {
  const address = inject('temporalAddress');
  const namespace = inject('temporalNamespace');
  const { searchAttributes } = settings().temporal;
  await assertSearchAttributes({ address }, { namespace, searchAttributes });
  const more = { namespace, searchAttributes: { ...searchAttributes, StoreferryNew: 'Int' } };
  await expect(assertSearchAttributes({ address }, more)).rejects.toThrow(
    `the Temporal namespace ${namespace} lacks the search attributes StoreferryNew. Add them with:\n` +
      `  temporal operator search-attribute create --address ${address} --namespace ${namespace} --name StoreferryNew --type Int`,
  );
});

test('a search attribute of another type cannot be mended by adding: another namespace is asked for', () => {
  const check = { namespace: 'shop', searchAttributes: { StoreferryAttention: 'Bool' } };
  expect(describeMissingAttributes('host:7233', check, new Map([['StoreferryAttention', 'Keyword']]))).toBe(
    'the Temporal namespace shop has search attributes of another type: ' +
      'StoreferryAttention is Keyword and must be Bool; use another namespace',
  );
});

test('child processes reach the embedded server and nothing else, whatever cluster the shell is set up for', () => {
  const shell = { TEMPORAL_API_KEY: 'secret', TEMPORAL_TLS: 'true', TEMPORAL_NAMESPACE: 'mine' };
  const added = temporalEnvironment(settings({ TEMPORAL_NAMESPACE: 'mine' }), shell);
  const variables = Object.entries({ ...shell, ...added }).filter(([, value]) => value !== undefined);
  const config = loadClientConnectConfig({ overrideEnvVars: Object.fromEntries(variables) });
  expect(config).toEqual({ namespace: 'mine', connectionOptions: { address: '127.0.0.1:7233' } });
});

test('an external cluster leaves the environment of child processes as it is', () => {
  const external = settings({ TEMPORAL_ADDRESS: 'cluster.example.test:7233' });
  expect(temporalEnvironment(external, { TEMPORAL_ADDRESS: 'cluster.example.test:7233' })).toEqual({});
});
