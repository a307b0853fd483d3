/** Writes a line of storeferry's own to stderr, so that stdout stays free for results. */
export function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

/**
 * Shows why a command failed, in one message without a stack, and ends the process: what the command had opened
 * by then, such as a pool of connections, must not keep it alive.
 */
export function endWithFailure(error: unknown): never {
  const message = error instanceof Error ? error.message : String(error);
  say(message.startsWith('storeferry') ? message : `storeferry: ${message}`);
  if (process.env['STOREFERRY_LOG_LEVEL'] === 'debug' && error instanceof Error && error.stack) say(error.stack);
  process.exit(1);
}
