import { Client, Connection } from '@temporalio/client';
import type { LiveStack } from './live-stack.ts';

/** All that the server keeps of a project's workflows, as one text: events, their payloads decoded, search attributes, memos. */
export async function everythingInTemporal(stack: LiveStack, project: string): Promise<string> {
  const connection = await Connection.connect({ address: `127.0.0.1:${stack.folder.ports.temporal}` });
  try {
    const client = new Client({ connection, namespace: 'storeferry' });
    const texts: string[] = [];
    for await (const workflow of client.workflow.list()) {
      if (!workflow.workflowId.startsWith(`migration-${project}`)) continue;
      const { history } = await connection.workflowService.getWorkflowExecutionHistory({
        namespace: 'storeferry',
        execution: { workflowId: workflow.workflowId, runId: workflow.runId },
      });
      texts.push(...(history?.events ?? []).map(readable), JSON.stringify(workflow.searchAttributes ?? {}));
    }
    return texts.join('\n');
  } finally {
    await connection.close();
  }
}

/** Workflows that an operator finds in Temporal UI by the filter on attention, and what the project's page says there. */
export async function wantedInTemporal(stack: LiveStack, project: string) {
  const connection = await Connection.connect({ address: `127.0.0.1:${stack.folder.ports.temporal}` });
  try {
    const { workflow } = new Client({ connection, namespace: 'storeferry' });
    const found: string[] = [];
    for await (const { workflowId } of workflow.list({ query: 'StoreferryAttention = true' })) found.push(workflowId);
    const page = await workflow
      .getHandle(`migration-${project}`)
      .query<{ currentDetails?: string }>('__temporal_workflow_metadata');
    return { found, page: page.currentDetails ?? '' };
  } finally {
    await connection.close();
  }
}

/** Payloads are bytes; what they say is JSON text. */
function readable(event: unknown): string {
  return JSON.stringify(event, (_name, value: unknown) => {
    if (value instanceof Uint8Array) return Buffer.from(value).toString('utf8');
    return typeof value === 'bigint' ? String(value) : value;
  });
}
