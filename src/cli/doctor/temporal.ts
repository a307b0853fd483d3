import { Connection, isGrpcServiceError } from '@temporalio/client';
import { describeMissingAttributes, listAttributes } from '../../stack/temporal-namespace.ts';
import { OLDEST_SERVER } from '../../stack/temporal-executable.ts';
import type { ConnectionProfile } from '../../temporal/profile.ts';
import { failed, notLookedAt, ok, reasonOf, warning } from './check.ts';
import type { Check } from './check.ts';
import { clockCheck } from './clock.ts';

const ANSWER_MS = 5_000;
const NAMES = ['temporal-namespace', 'temporal-search-attributes', 'clock-temporal'];
const GRPC_NOT_FOUND = 5;
const SECONDS_PER_DAY = 86_400;
/** Temporal's number for task queues of activities. */
const ACTIVITY_QUEUE = 2;

type Attributes = Readonly<Record<string, string>>;

export async function checkTemporal(profile: ConnectionProfile, wanted: Attributes): Promise<readonly Check[]> {
  let connection: Connection;
  try {
    connection = await Connection.connect({ ...profile.connectionOptions, connectTimeout: ANSWER_MS });
  } catch (error) {
    const remedy = 'see that Temporal runs there, and that TEMPORAL_ADDRESS (or TEMPORAL_PROFILE) names it';
    return notThere(failed('temporal', `${profile.address} does not answer: ${reasonOf(error)}`, remedy));
  }
  try {
    const within = <T>(ask: () => Promise<T>) => connection.withDeadline(Date.now() + ANSWER_MS, ask);
    const temporal = await within(() => checkVersion(connection, profile.address));
    const namespace = await within(() => checkNamespace(connection, profile));
    if (namespace.state === 'failed') {
      return [temporal, namespace, ...NAMES.slice(1).map((name) => notLookedAt(name, namespace.name))];
    }
    const attributes = await checkAttributes(connection, profile, wanted);
    return [temporal, namespace, attributes, await within(() => checkClock(connection, profile.namespace))];
  } finally {
    await connection.close();
  }
}

/** Findings where there is no server to look at. */
export function notThere(temporal: Check): readonly Check[] {
  return [temporal, ...NAMES.map((name) => notLookedAt(name, temporal.name))];
}

async function checkVersion(connection: Connection, address: string): Promise<Check> {
  const { serverVersion } = await connection.workflowService.getSystemInfo({});
  const found = `${serverVersion || 'a server of unknown version'} at ${address}`;
  const [major = 0, minor = 0] = (serverVersion ?? '').split('.').map(Number);
  if (!serverVersion) return warning('temporal', found, `see that it is ${OLDEST_SERVER.join('.')} or newer`);
  const old = major < OLDEST_SERVER[0] || (major === OLDEST_SERVER[0] && minor < OLDEST_SERVER[1]);
  return old
    ? failed('temporal', found, `use Temporal server ${OLDEST_SERVER.join('.')} or newer`)
    : ok('temporal', found);
}

async function checkNamespace(connection: Connection, { namespace, address }: ConnectionProfile): Promise<Check> {
  const name = 'temporal-namespace';
  try {
    const { config } = await connection.workflowService.describeNamespace({ namespace });
    const days = Math.floor(Number(config?.workflowExecutionRetentionTtl?.seconds ?? 0) / SECONDS_PER_DAY);
    return ok(name, `${namespace} keeps closed workflows for ${days} days`);
  } catch (error) {
    const code: number | undefined = isGrpcServiceError(error) ? error.code : undefined;
    const found = code === GRPC_NOT_FOUND ? `${namespace} is not there` : `${namespace}: ${reasonOf(error)}`;
    return failed(name, found, `temporal operator namespace create --address ${address} --namespace ${namespace}`);
  }
}

async function checkAttributes(
  connection: Connection,
  { namespace, address }: ConnectionProfile,
  searchAttributes: Attributes,
): Promise<Check> {
  const name = 'temporal-search-attributes';
  try {
    const present = await listAttributes(connection, namespace);
    const problem = describeMissingAttributes(address, { namespace, searchAttributes }, present);
    if (problem === undefined) return ok(name, Object.keys(searchAttributes).join(', '));
    const [found = '', command = 'use another namespace'] = problem.split('\n').map((line) => line.trim());
    return failed(name, found, command);
  } catch (error) {
    return warning(name, `cannot be listed: ${reasonOf(error)}`, 'see in Temporal UI or tcld that they are there');
  }
}

/**
 * The server tells its time to nobody, but it notes when a worker last asked for work: an idle queue of our own is asked for a
 * moment, and its note read back. Nothing is ever put into that queue.
 */
async function checkClock(connection: Connection, namespace: string): Promise<Check> {
  const identity = `storeferry-doctor ${crypto.randomUUID()}`;
  const taskQueue = { name: 'storeferry-doctor' };
  const enough = new AbortController();
  const sentMs = Date.now();
  const poll = connection
    .withAbortSignal(enough.signal, () =>
      connection.workflowService.pollActivityTaskQueue({ namespace, taskQueue, identity }),
    )
    .catch(() => undefined);
  try {
    for (;;) {
      const { pollers } = await connection.workflowService.describeTaskQueue({
        namespace,
        taskQueue,
        taskQueueType: ACTIVITY_QUEUE,
      });
      const at = pollers?.find((poller) => poller.identity === identity)?.lastAccessTime;
      if (at) {
        const theirsMs = Number(at.seconds) * 1_000 + Number(at.nanos) / 1_000_000;
        return clockCheck('clock-temporal', 'Temporal', { sentMs, theirsMs, answeredMs: Date.now() });
      }
    }
  } catch (error) {
    return warning(
      'clock-temporal',
      `cannot be read: ${reasonOf(error)}`,
      'compare the clocks of both machines by hand',
    );
  } finally {
    enough.abort();
    await poll;
  }
}
