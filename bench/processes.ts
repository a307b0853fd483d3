import { readdirSync, readFileSync } from 'node:fs';

/** proc(5): times are in ticks, of which Linux counts a hundred a second for every program. */
const TICKS_PER_SECOND = 100;
const KIB_PER_MIB = 1_024;

/** A process with its children, at one moment. */
export interface ProcessSample {
  readonly pid: number;
  readonly atMs: number;
  /** That it has used so far, children that have ended included. */
  readonly cpuSeconds: number;
  readonly rssMiB: number;
}

/**
 * What a process and all below it use at present. One that is alone is asked for its resident memory; several that share some
 * (PostgreSQL's) for each one's part of it, so that nothing is counted twice.
 * @throws Error when the process is gone
 */
export function sampleProcess(pid: number): ProcessSample {
  const atMs = Date.now();
  const stats = allStats();
  const own = stats.find((stat) => stat.pid === pid);
  if (own === undefined) throw new Error(`expected process ${pid} to be there, it is gone`);
  const family = withChildren(own, stats);
  const ticks = family.reduce((sum, stat) => sum + stat.ticks, 0);
  const kib = family.length === 1 ? residentKib(pid) : family.reduce((sum, stat) => sum + shareKib(stat.pid), 0);
  return { pid, atMs, cpuSeconds: ticks / TICKS_PER_SECOND, rssMiB: kib / KIB_PER_MIB };
}

/** The kernel keeps the highest value itself: nobody has to look often enough. */
export function peakRssMiB(pid: number): number {
  return Math.round((kibIn(`/proc/${pid}/status`, 'VmHWM') * 10) / KIB_PER_MIB) / 10;
}

export interface Stat {
  readonly pid: number;
  readonly parent: number;
  /** Its own, and those of children that ended and were waited for. */
  readonly ticks: number;
}

/** The line of /proc/<pid>/stat: the second field is the command in parentheses and may hold blanks and parentheses itself. */
export function statIn(line: string): Stat {
  const fields = line.slice(line.lastIndexOf(')') + 2).split(' ');
  // Fields 4 and 14 to 17 of proc(5); the first here is the third there.
  const ticks = fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0);
  return { pid: Number.parseInt(line, 10), parent: Number(fields[1]), ticks };
}

export function withChildren(own: Stat, all: readonly Stat[]): readonly Stat[] {
  return [own, ...all.filter(({ parent }) => parent === own.pid).flatMap((child) => withChildren(child, all))];
}

function allStats(): readonly Stat[] {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return pids.flatMap((pid) => {
    const line = unlessGone(() => readFileSync(`/proc/${pid}/stat`, 'utf8'));
    return line === undefined ? [] : [statIn(line)];
  });
}

const residentKib = (pid: number): number => kibIn(`/proc/${pid}/status`, 'VmRSS');
/** A child that has ended meanwhile has no memory any more. */
const shareKib = (pid: number): number => unlessGone(() => kibIn(`/proc/${pid}/smaps_rollup`, 'Pss')) ?? 0;

function kibIn(file: string, name: string): number {
  const found = new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(readFileSync(file, 'utf8'));
  if (found === null) throw new Error(`${file} names no ${name}: the figure needs Linux`);
  return Number(found[1]);
}

function unlessGone<T>(look: () => T): T | undefined {
  try {
    return look();
  } catch (error) {
    if (['ENOENT', 'ESRCH'].includes((error as NodeJS.ErrnoException).code ?? '')) return undefined;
    throw error;
  }
}
