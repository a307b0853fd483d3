import { NativeConnection, Runtime } from '@temporalio/worker';
import { quietLogger } from '../support/quiet-logger.ts';
import { startTestWorker } from './bench.ts';
import type { BenchPlace } from './bench.ts';
import type { Call, Name } from './fake-activities.ts';

export interface WorkerMessage {
  readonly id: number;
  readonly name: Name;
  readonly input: { readonly project: string };
}
interface Answer {
  readonly id: number;
  readonly answer?: unknown;
  readonly error?: string;
}

/** A worker that a test may kill: what its activities do happens in the test's process. */
const open = new Map<number, (answer: Answer) => void>();
let calls = 0;

const call: Call = (name, input) =>
  new Promise((resolve, reject) => {
    const id = calls++;
    open.set(id, ({ answer, error }) => (error === undefined ? resolve(answer) : reject(new Error(error))));
    process.send?.({ id, name, input } satisfies WorkerMessage);
  });

process.on('message', (message: Answer) => {
  open.get(message.id)?.(message);
  open.delete(message.id);
});
// The test's process is gone: so is every reason to live.
process.on('disconnect', () => process.exit());

const { prefix, ...place } = JSON.parse(process.env['WORKER_PLACE'] ?? '{}') as BenchPlace & { prefix: string };
Runtime.install({ logger: quietLogger });
const connection = await NativeConnection.connect({ address: place.address });
const worker = await startTestWorker(place, connection, prefix, call);
await worker.run();
