import { Connection, isGrpcServiceError } from '@temporalio/client';
import type { ConnectionOptions } from '@temporalio/client';
import { msToTs } from '@temporalio/common/lib/time.js';

const CONNECT_TIMEOUT_MS = 30_000;
const GRPC_NOT_FOUND = 5;

/** Temporal's numbers for the types of search attributes (its IndexedValueType), by the names its CLI uses. */
const TYPE_NAMES = ['Unspecified', 'Text', 'Keyword', 'Int', 'Double', 'Bool', 'Datetime', 'KeywordList'] as const;

export interface NamespaceWishes {
  readonly namespace: string;
  readonly retentionDays: number;
}

/** Waits until the namespace answers, then sets how long it keeps closed workflows (the dev server's own: a day). */
export async function prepareNamespace(address: string, { namespace, retentionDays }: NamespaceWishes): Promise<void> {
  const connection = await Connection.connect({ address, connectTimeout: CONNECT_TIMEOUT_MS });
  try {
    await connection.withDeadline(Date.now() + CONNECT_TIMEOUT_MS, () =>
      connection.workflowService.updateNamespace({
        namespace,
        config: { workflowExecutionRetentionTtl: msToTs(`${retentionDays} days`) },
      }),
    );
  } finally {
    await connection.close();
  }
}

export interface AttributeCheck {
  readonly namespace: string;
  readonly searchAttributes: Readonly<Record<string, string>>;
}

/** Throws, with the command that mends it, when a namespace lacks some of our search attributes or has other types. */
export async function assertSearchAttributes(options: ConnectionOptions, check: AttributeCheck): Promise<void> {
  const address = options.address ?? 'localhost:7233';
  const connection = await Connection.connect({ ...options, connectTimeout: CONNECT_TIMEOUT_MS });
  try {
    const problem = describeMissingAttributes(address, check, await listAttributes(connection, check.namespace));
    if (problem !== undefined) throw new Error(problem);
  } catch (error) {
    const code: number | undefined = isGrpcServiceError(error) ? error.code : undefined;
    if (code !== GRPC_NOT_FOUND) throw error;
    const command = `temporal operator namespace create --address ${address} --namespace ${check.namespace}`;
    throw new Error(`the Temporal namespace ${check.namespace} is not there. Create it with:\n  ${command}`, {
      cause: error,
    });
  } finally {
    await connection.close();
  }
}

/** Search attributes of a namespace with their types; undefined for a type that this version does not know. */
export async function listAttributes(
  connection: Connection,
  namespace: string,
): Promise<ReadonlyMap<string, string | undefined>> {
  const { customAttributes } = await connection.withDeadline(Date.now() + CONNECT_TIMEOUT_MS, () =>
    connection.operatorService.listSearchAttributes({ namespace }),
  );
  return new Map(Object.entries(customAttributes ?? {}).map(([name, type]) => [name, TYPE_NAMES[type]]));
}

/** What to say about a namespace that holds `present`; undefined when nothing is missing. */
export function describeMissingAttributes(
  address: string,
  { namespace, searchAttributes }: AttributeCheck,
  present: ReadonlyMap<string, string | undefined>,
): string | undefined {
  const wanted = Object.entries(searchAttributes);
  const wrong = wanted.filter(([name, type]) => present.has(name) && present.get(name) !== type);
  if (wrong.length > 0) {
    const list = wrong.map(([name, type]) => `${name} is ${present.get(name)} and must be ${type}`).join(', ');
    return `the Temporal namespace ${namespace} has search attributes of another type: ${list}; use another namespace`;
  }
  const missing = wanted.filter(([name]) => !present.has(name));
  if (missing.length === 0) return undefined;
  const flags = missing.map(([name, type]) => `--name ${name} --type ${type}`).join(' ');
  return (
    `the Temporal namespace ${namespace} lacks the search attributes ${missing.map(([name]) => name).join(', ')}. ` +
    `Add them with:\n  temporal operator search-attribute create --address ${address} --namespace ${namespace} ${flags}`
  );
}
