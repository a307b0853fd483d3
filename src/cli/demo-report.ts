import { type DemoCheck, totals } from './demo-check.ts';
import type { DemoResult } from './demo-migration.ts';

export interface CheckedDemo extends DemoResult {
  readonly check: DemoCheck;
}

/** The one line on stdout of `demo --json`; its shape is a promise to scripts. */
export function demoDocument({ check, seconds }: CheckedDemo): string {
  return JSON.stringify({ entities: check.entities, lost: check.lost, duplicated: check.doubled, seconds });
}

/** What the demo came to, for people. */
export function demoWords({ project, outcome, seconds, check }: CheckedDemo): readonly string[] {
  const { source, adjusted, failed } = totals(check);
  return [
    `project ${project}: ${outcome} in ${seconds} s`,
    `independent check of both stores: ${source} records compared, ${check.lost} lost, ${check.doubled} doubled, ` +
      `${check.different} different, ${check.foreign} not ours, ${failed} failed with a reason, ` +
      `${adjusted} adjusted by a named rule`,
    ...check.wrong,
  ];
}

/** 0 only when the run was completed and the checker agrees. */
export function demoExitCode({ outcome, check }: CheckedDemo): 0 | 1 {
  return outcome === 'completed' && check.ok ? 0 : 1;
}
