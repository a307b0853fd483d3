import type { Logger, LogLevel, LogMetadata } from '@temporalio/worker';
import type { Logger as PinoLogger } from 'pino';

const PINO_LEVELS: Record<LogLevel, 'trace' | 'debug' | 'info' | 'warn' | 'error'> = {
  TRACE: 'trace',
  DEBUG: 'debug',
  INFO: 'info',
  WARN: 'warn',
  ERROR: 'error',
};

/** The SDK's messages, and those of workflows and activities with their ids, as pino events. */
export function temporalLogger(log: PinoLogger): Logger {
  const write = (level: LogLevel, message: string, meta?: LogMetadata) => {
    // pino prints a stack only under `err`.
    const { error, ...rest } = (meta ?? {}) as LogMetadata & { error?: unknown };
    log[PINO_LEVELS[level]](error === undefined ? rest : { ...rest, err: error }, message);
  };
  return {
    log: write,
    trace: (message, meta) => write('TRACE', message, meta),
    debug: (message, meta) => write('DEBUG', message, meta),
    info: (message, meta) => write('INFO', message, meta),
    warn: (message, meta) => write('WARN', message, meta),
    error: (message, meta) => write('ERROR', message, meta),
  };
}
