import { MultiBar, Presets } from 'cli-progress';
import type { SingleBar } from 'cli-progress';

/** How far one entity is: records done of those known so far. */
export interface EntityCount {
  readonly entity: string;
  readonly done: number;
  readonly total: number;
}

export interface EntityBars {
  /** `summary`: a line about the whole of it. */
  show(counts: readonly EntityCount[], summary?: string): void;
  stop(): void;
}

/** A bar for each entity on a terminal; elsewhere one line for each change of the counts. */
export function entityBars(stream: NodeJS.WriteStream): EntityBars {
  return stream.isTTY ? drawnBars(stream) : writtenLines(stream);
}

const NAME_WIDTH = 16;

function drawnBars(stream: NodeJS.WriteStream): EntityBars {
  const format = `{entity} {bar} {value}/{total}`;
  const bars = new MultiBar({ stream, format, hideCursor: true, clearOnComplete: false }, Presets.shades_classic);
  const drawn = new Map<string, SingleBar>();
  let head: SingleBar | undefined;
  return {
    show: (counts, summary) => {
      if (summary !== undefined) {
        head ??= bars.create(1, 0, { summary }, { format: '{summary}' });
        head.update(0, { summary });
      }
      for (const { entity, done, total } of counts) {
        let bar = drawn.get(entity);
        if (bar === undefined) {
          bar = bars.create(total, done, { entity: entity.padEnd(NAME_WIDTH) });
          drawn.set(entity, bar);
        }
        bar.setTotal(total);
        bar.update(done);
      }
    },
    stop: () => bars.stop(),
  };
}

function writtenLines(stream: NodeJS.WritableStream): EntityBars {
  let last = '';
  return {
    show: (counts) => {
      const line = counts.map(({ entity, done, total }) => `${entity} ${done}/${total}`).join('  ');
      if (line === last || line === '') return;
      last = line;
      stream.write(`${line}\n`);
    },
    stop: () => {},
  };
}
