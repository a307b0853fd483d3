import { CancelledFailure, Context } from '@temporalio/activity';
import type { Activities } from '../../src/activities/activity-types.ts';
import { ACTIVITY_QUEUES } from '../../src/workflows/contract.ts';

export type Name = keyof Activities;
export type Call = (name: Name, input: { readonly project: string }, signal: AbortSignal) => Promise<unknown>;

const HEARTBEAT_MS = 50;

/** Every activity as a call that heartbeats and gives up when it is cancelled, as real ones do. */
export function fakeActivities(call: Call): Activities {
  const names = Object.keys(ACTIVITY_QUEUES) as Name[];
  const entries = names.map((name) => [name, (input: { project: string }) => run(call, name, input)]);
  return Object.fromEntries(entries) as Activities;
}

async function run(call: Call, name: Name, input: { project: string }): Promise<unknown> {
  const { cancellationSignal, heartbeat } = Context.current();
  const timer = setInterval(() => heartbeat(), HEARTBEAT_MS);
  try {
    const answer = await call(name, input, cancellationSignal);
    if (cancellationSignal.aborted) throw new CancelledFailure(`${name} was told to stop`);
    return answer;
  } finally {
    clearInterval(timer);
  }
}
