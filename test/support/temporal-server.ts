import { loadSettings } from '../../src/config/settings.ts';
import { findTemporalExecutable } from '../../src/stack/temporal-executable.ts';
import { temporalPart } from '../../src/stack/temporal-server.ts';
import { freePorts } from './free-port.ts';
import type { TestServer } from './postgres-server.ts';
import { startTestPart } from './test-process.ts';

export const TEST_NAMESPACE = 'storeferry-test';

/** The real dev server, with the settings of production but for its ports and its memory-only database. */
export async function startTestTemporal(): Promise<TestServer> {
  const executable = await findTemporalExecutable({ say: (line) => console.log(line) });
  const settings = loadSettings({ variables: {}, workingFolder: '/', packageFolder: '/', searchFile: false });
  const { external: _external, databaseFile: _databaseFile, ...temporal } = settings.temporal;
  const [port, uiPort] = (await freePorts(2)) as [number, number];
  const part = temporalPart(executable, { ...temporal, port, uiPort, namespace: TEST_NAMESPACE, logLevel: 'never' });
  const child = await startTestPart(part);
  return { address: `127.0.0.1:${port}`, stop: () => child.stop() };
}
