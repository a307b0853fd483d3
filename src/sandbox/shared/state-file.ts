import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** Keeps a store's raw state in one JSON file, so that a second start finds its data again. */
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
  snapshot: () => unknown;
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
    writeFileSync(`${options.path}.next`, JSON.stringify(options.snapshot()));
    renameSync(`${options.path}.next`, options.path);
    lastWriteMs = performance.now() - started;
  };
  return {
    load: () => {
      try {
        return JSON.parse(readFileSync(options.path, 'utf8')) as unknown;
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
