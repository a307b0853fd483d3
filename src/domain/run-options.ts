import type { RunKind } from './phases.ts';

/** How one run is carried out; kept in its row, so that every attempt sees the same. */
export interface RunOptions {
  /** Gates pass when their rules hold; else a person approves them. */
  readonly autoApprove: boolean;
  /** Of a demo: so many records of each entity, the newest, and what they refer to. */
  readonly perEntity: number;
  /** Records of each entity in the first pass, the second ...; after the last one comes all that is left. */
  readonly passes: readonly number[];
  /** Of a resync: the records of this slice alone; null: all. */
  readonly slice: number | null;
  /** Of a recent run: read every entity as a whole, whether it is time for a sweep or not, and write what differs by content. */
  readonly sweep: boolean;
}

/** A trial, then passes of eight times the size, then full speed (design §5). */
const PASSES = [50, 400, 3_200] as const;

export const DEFAULT_RUN_OPTIONS: RunOptions = {
  autoApprove: false,
  perEntity: 10,
  passes: PASSES,
  slice: null,
  sweep: false,
};

export const RUN_LIMITS = { perEntity: 1_000, passes: 12, passSize: 1_000_000 } as const;

/** Only a full run has a trial: the others write little, or what was tried before. */
export function passSizes(kind: RunKind, { passes }: Pick<RunOptions, 'passes'>): readonly number[] {
  return kind === 'full' ? passes : [];
}

/** The pass that takes the record at this place of its entity (from 0) and how many more of the entity it takes from there. */
export function passAt(place: number, sizes: readonly number[]): { readonly pass: number; readonly room: number } {
  let end = 0;
  for (const [index, size] of sizes.entries()) {
    end += size;
    if (place < end) return { pass: index + 1, room: end - place };
  }
  return { pass: sizes.length + 1, room: Infinity };
}

/** `trial`, `pass 2`, `full speed`: as operators read it. */
export function passName(kind: RunKind, pass: number, sizes: readonly number[]): string {
  if (kind !== 'full') return kind;
  if (pass > sizes.length) return sizes.length === 0 ? 'full' : 'full speed';
  return pass === 1 ? 'trial' : `pass ${pass}`;
}

/** What is wrong with options that came from outside; undefined when nothing is. */
export function runOptionsProblem(options: Readonly<Record<keyof RunOptions, unknown>>): string | undefined {
  const { autoApprove, perEntity, passes, slice, sweep } = options;
  if (autoApprove !== undefined && typeof autoApprove !== 'boolean') return 'autoApprove must be true or false';
  if (perEntity !== undefined && !isWhole(perEntity, RUN_LIMITS.perEntity))
    return `perEntity must be a whole number from 1 to ${RUN_LIMITS.perEntity}`;
  const sizes = Array.isArray(passes) && passes.length <= RUN_LIMITS.passes;
  if (passes !== undefined && !(sizes && passes.every((size) => isWhole(size, RUN_LIMITS.passSize))))
    return `passes must be at most ${RUN_LIMITS.passes} whole numbers from 1 to ${RUN_LIMITS.passSize}`;
  if (sweep !== undefined && typeof sweep !== 'boolean') return 'sweep must be true or false';
  if (slice !== undefined && !isWhole(slice, Number.MAX_SAFE_INTEGER)) return 'slice must be the id of a slice';
  return undefined;
}

/** Those of the options that are named. */
export function namedOptions(given: Partial<RunOptions>): Partial<RunOptions> {
  const names = Object.keys(DEFAULT_RUN_OPTIONS) as (keyof RunOptions)[];
  return Object.fromEntries(names.flatMap((name) => (given[name] === undefined ? [] : [[name, given[name]]])));
}

function isWhole(value: unknown, most: number): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 1 && (value as number) <= most;
}
