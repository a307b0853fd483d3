import { Client, Connection } from '@temporalio/client';
import type { ConnectionProfile } from './profile.ts';

export interface TemporalClient {
  readonly client: Client;
  /** Undefined when the cluster answers; else why it does not, in a line for a person. */
  problem(withinMs: number): Promise<string | undefined>;
  close(): Promise<void>;
}

/** Opens without connecting, so that the API can start, and say what is missing, before Temporal is up. */
export function openTemporalClient(profile: ConnectionProfile): TemporalClient {
  const connection = Connection.lazy(profile.connectionOptions);
  const client = new Client({ connection, namespace: profile.namespace });
  return {
    client,
    problem: async (withinMs) => {
      try {
        await connection.withDeadline(Date.now() + withinMs, () =>
          connection.workflowService.describeNamespace({ namespace: profile.namespace }),
        );
        return undefined;
      } catch (error) {
        return `Temporal at ${profile.address}, namespace ${profile.namespace}: ${(error as Error).message}`;
      }
    },
    close: () => connection.close(),
  };
}
