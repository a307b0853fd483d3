import { NativeConnection, Runtime } from '@temporalio/worker';
import type { Logger as PinoLogger } from 'pino';
import type { ConnectionProfile } from '../temporal/profile.ts';
import { temporalLogger } from './logger.ts';

/**
 * Routes what the SDK says to `log` and leaves signals to the process's owner. Once per process, before anything else of
 * the SDK's worker package is used: it throws when it comes too late.
 * @param metricsAddress `127.0.0.1:9464`, where Prometheus reads the SDK's own metrics; nowhere by default
 */
export function installTemporalRuntime(log: PinoLogger, metricsAddress?: string): void {
  Runtime.install({
    logger: temporalLogger(log),
    shutdownSignals: [],
    ...(metricsAddress === undefined
      ? {}
      : { telemetryOptions: { metrics: { prometheus: exporter(metricsAddress) } } }),
  });
}

/** Names and units as Prometheus wants them: `_total`, `_seconds`. */
function exporter(bindAddress: string) {
  return { bindAddress, countersTotalSuffix: true, unitSuffix: true, useSecondsForDurations: true };
}

/** The one connection that all workers of a process share; its owner closes it after they have ended. */
export function connectWorker(profile: ConnectionProfile): Promise<NativeConnection> {
  return NativeConnection.connect(profile.connectionOptions);
}
