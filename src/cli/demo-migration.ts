import type { Settings } from '../config/settings.ts';
import { approverKeyOf } from './service.ts';
import type { EntityCount } from './entity-bars.ts';

/** What the demo reports at its end, on stdout with `--json`. */
export interface DemoResult {
  readonly project: string;
  /** `completed`, or what became of the run instead. */
  readonly outcome: string;
  readonly entities: readonly EntityCount[];
}

/** Creates a project between the two sandbox stores through the API and follows its full run to the end. */
export async function migrateSandboxes(
  settings: Settings,
  onProgress: (counts: readonly EntityCount[]) => void,
): Promise<DemoResult> {
  const key = approverKeyOf(settings);
  if (key === undefined) throw new Error(`no approver key: ${settings.keys.approverFile} is not there`);
  onProgress([]);
  throw new Error('the demo needs the API client');
}
