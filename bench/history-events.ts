import { Client, Connection } from '@temporalio/client';
import type { BenchStack } from './bench-stack.ts';

/** Events of all executions that a query of Temporal's visibility finds. */
export async function historyEvents({ address, namespace }: BenchStack['temporal'], query: string): Promise<number> {
  const connection = await Connection.connect({ address });
  try {
    const client = new Client({ connection, namespace });
    let events = 0;
    for await (const { workflowId, runId } of client.workflow.list({ query })) {
      events += (await client.workflow.getHandle(workflowId, runId).describe()).historyLength;
    }
    return events;
  } finally {
    await connection.close();
  }
}
