import type { Part } from '../../src/stack/part.ts';
import { saysReady } from '../../src/stack/part.ts';

const SAYS_READY = `console.log(JSON.stringify({ ready: true }));`;
const WAITS = `setInterval(() => {}, 1_000);`;

/** A process that is ready at once and lives until it is told to end; `script` replaces what it does. */
export function fakePart(name: string, changes: Partial<Part> = {}, script = SAYS_READY + WAITS): Part {
  return {
    name,
    command: process.execPath,
    args: ['-e', script],
    env: {},
    ready: saysReady,
    readyTimeoutMs: 20_000,
    stopGraceMs: 2_000,
    ports: [],
    dependsOn: [],
    ...changes,
  };
}

export const scripts = {
  endsBeforeReady: `console.error('no disk'); process.exit(3);`,
  neverReady: `console.log('still thinking');${WAITS}`,
  ignoresSignals: `process.on('SIGTERM', () => {});${SAYS_READY}${WAITS}`,
  /** Starts a process of its own that outlives it unless the whole group is ended. */
  hasChild: `const c = require('node:child_process').spawn(process.execPath, ['-e', '${WAITS}'], { stdio: 'ignore' });
    console.log(JSON.stringify({ ready: true, child: c.pid }));${WAITS}`,
};
