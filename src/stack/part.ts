import type { ChildOptions } from './child-process.ts';
import type { WantedPort } from './free-port.ts';

/** One process of the embedded stack, as a row of the supervisor's table. */
export interface Part extends Omit<ChildOptions, 'onLine' | 'env'> {
  /** Added to the supervisor's own environment; `undefined` removes a variable. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly ports: readonly WantedPort[];
  /** Names of parts that must be ready before this one is started. */
  readonly dependsOn: readonly string[];
  /** Runs after each start, before the parts that depend on this one; a failure counts as a failed start. */
  readonly afterReady?: () => Promise<void>;
}

/** The line that our own processes print on stdout once they are ready: `{"ready":true,…}`. */
export function saysReady(line: string): boolean {
  return line.startsWith('{"ready":true');
}
