import { readFileSync, writeFileSync } from 'node:fs';
import type { WorkflowHandle } from '@temporalio/client';

export type History = Awaited<ReturnType<WorkflowHandle['fetchHistory']>>;

interface HistoryClass {
  toObject(history: History, options: { longs: typeof Number; bytes: typeof String }): object;
}

/**
 * Keeps a history as JSON with plain numbers for enums and 64-bit fields and base64 for bytes. Not Temporal's own JSON form:
 * the SDK's reader and writer of that fail where npm installs two copies of protobufjs ("type must be a Type"), as it does
 * beside the client's gRPC.
 */
export function writeHistory(file: string, history: History): void {
  const messages = history.constructor as unknown as HistoryClass;
  const plain = messages.toObject(history, { longs: Number, bytes: String });
  writeFileSync(file, `${JSON.stringify(plain, withoutStacks, 1)}\n`);
}

/** Where a failure was thrown decides nothing, and names folders of the machine. */
function withoutStacks(key: string, value: unknown): unknown {
  return key === 'stackTrace' ? '' : value;
}

/** What `Worker.runReplayHistory` takes. */
export function readHistory(file: string): History {
  return JSON.parse(readFileSync(file, 'utf8')) as History;
}

/** Id of the workflow that a kept history belongs to. */
export function workflowIdOf(history: History): string {
  const id = history.events?.[0]?.workflowExecutionStartedEventAttributes?.workflowId;
  if (id === undefined || id === null || id === '') throw new Error('the first event names no workflow');
  return id;
}
