import { parseArgs } from 'node:util';
import type { ParseArgsConfig } from 'node:util';

/**
 * Options of a sandbox that runs as a process of its own: `--name value` pairs, or everything as one
 * `--options JSON`; single options win. Numbers stay text here: the caller's schema turns them.
 */
export function childOptions(argv: readonly string[], names: readonly string[]): Record<string, unknown> {
  const options: NonNullable<ParseArgsConfig['options']> = { options: { type: 'string' } };
  for (const name of names) options[name] = { type: 'string' };
  const { values } = parseArgs({ args: [...argv], options, strict: true });
  const { options: whole, ...single } = values;
  const base = typeof whole === 'string' ? (JSON.parse(whole) as Record<string, unknown>) : {};
  return { ...base, ...Object.fromEntries(Object.entries(single).map(([name, value]) => [camel(name), value])) };
}

function camel(name: string): string {
  return name.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
}

/** Prints the one line that tells the parent where the store listens. */
export function announceReady(url: string): void {
  process.stdout.write(`${JSON.stringify({ ready: true, url })}\n`);
}

/** Closes in order on SIGTERM and SIGINT, once; a second signal while closing changes nothing. */
export function closeOnSignals(close: () => Promise<void>): void {
  let closing = false;
  const stop = (): void => {
    if (closing) return;
    closing = true;
    close().then(
      () => process.exit(0),
      (error: unknown) => {
        process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
        process.exit(1);
      },
    );
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
}
