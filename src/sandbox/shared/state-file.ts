import { closeSync, mkdirSync, openSync, readSync, renameSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { StringDecoder } from 'node:string_decoder';
import { createStateReader, inChunks, stateLines } from './state-lines.ts';

/** Keeps a store's raw state in one file of JSON lines, so that a second start finds its data again. */
export interface StateFile {
  /** What the last start left behind, or undefined when there is no file. Throws when the file is not JSON. */
  load(): unknown;
  /** Something changed: the file is written soon. */
  touch(): void;
  /** Writes at once if anything changed since the last write. */
  flush(): void;
  close(): void;
}

export interface StateFileOptions {
  path: string;
  snapshot: () => object;
  /** Shortest pause between a change and the write. Default 250. */
  debounceMs?: number;
}

export function openStateFile(options: StateFileOptions): StateFile {
  let timer: NodeJS.Timeout | undefined;
  let dirty = false;
  let lastWriteMs = 0;
  const flush = (): void => {
    clearTimeout(timer);
    timer = undefined;
    if (!dirty) return;
    dirty = false;
    const started = performance.now();
    mkdirSync(dirname(options.path), { recursive: true });
    // A rename is atomic: a kill in the middle leaves the old state, never half a file.
    writeLines(`${options.path}.next`, options.snapshot());
    renameSync(`${options.path}.next`, options.path);
    lastWriteMs = performance.now() - started;
  };
  return {
    load: () => {
      try {
        return readLines(options.path);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
        throw new Error(`The sandbox state file ${options.path} is not readable as JSON`, { cause: error });
      }
    },
    touch: () => {
      dirty = true;
      // A large store takes long to write: at most a twentieth of the time goes to writing it.
      timer ??= setTimeout(flush, Math.max(options.debounceMs ?? 250, lastWriteMs * 20)).unref();
    },
    flush,
    close: flush,
  };
}

function writeLines(path: string, state: object): void {
  const file = openSync(path, 'w');
  try {
    for (const chunk of inChunks(stateLines(Object.entries(state)))) writeSync(file, chunk);
  } finally {
    closeSync(file);
  }
}

function readLines(path: string): unknown {
  const file = openSync(path, 'r');
  try {
    const reader = createStateReader();
    const [decoder, buffer] = [new StringDecoder('utf8'), Buffer.alloc(1024 * 1024)];
    for (let size = readSync(file, buffer); size > 0; size = readSync(file, buffer)) {
      reader.take(decoder.write(buffer.subarray(0, size)));
    }
    return reader.end();
  } finally {
    closeSync(file);
  }
}
