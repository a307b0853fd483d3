import type { Settings } from '../config/settings.ts';
import { DEFAULT_TIMINGS, type Timings } from '../workflows/contract.ts';

/** The workflow's own times, as far as settings name them. */
export function timingsOf({ sync }: Settings): Timings {
  return { ...DEFAULT_TIMINGS, timeBoxMs: sync.timeBoxMs, heartbeatMs: sync.heartbeatTimeoutMs };
}
