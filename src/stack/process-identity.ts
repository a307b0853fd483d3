import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** What tells one process from any other that may later carry the same pid. */
export interface ProcessIdentity {
  readonly pid: number;
  /** Boot id and start tick on Linux, the start date elsewhere; only ever compared as a whole. */
  readonly started: string;
  readonly command: string;
}

/** The identity of a live process; undefined when there is none (a zombie counts as none). */
export function identifyProcess(pid: number): ProcessIdentity | undefined {
  return process.platform === 'linux' ? fromProc(pid) : fromPs(pid);
}

/**
 * True when the very process that was noted is still alive. One that is just ending has lost its command line already
 * and may still hold its ports: it is alive until it is gone.
 */
export function isAlive(noted: ProcessIdentity): boolean {
  const now = identifyProcess(noted.pid);
  return now?.started === noted.started && (now.command === noted.command || now.command === '');
}

function fromProc(pid: number): ProcessIdentity | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The second field is the command in parentheses and may itself hold blanks and parentheses: fields are
    // counted from the last closing one. The start time is field 22 of proc(5), the state field 3.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (fields[0] === 'Z' || fields[0] === 'X') return undefined;
    const bootId = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
    return { pid, started: `${bootId}/${fields[19] ?? ''}`, command };
  } catch {
    return undefined;
  }
}

function fromPs(pid: number): ProcessIdentity | undefined {
  try {
    const ask = (column: string) =>
      execFileSync('ps', ['-o', `${column}=`, '-p', String(pid)], { encoding: 'utf8' }).trim();
    const started = ask('lstart');
    return started === '' || ask('state').startsWith('Z') ? undefined : { pid, started, command: ask('command') };
  } catch {
    return undefined;
  }
}
