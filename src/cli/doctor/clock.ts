import { failed, ok, warning } from './check.ts';
import type { Check } from './check.ts';

/** Leases are judged by PostgreSQL's clock alone; ours dates log lines and signs requests, which stores refuse when too far off. */
const NOTED_MS = 1_000;
const HARMFUL_MS = 30_000;

/** Another clock, asked by a question that was sent at one time of ours and answered at another. */
export interface ClockReading {
  readonly sentMs: number;
  readonly theirsMs: number;
  readonly answeredMs: number;
}

/** @param whose `PostgreSQL` */
export function clockCheck(name: string, whose: string, { sentMs, theirsMs, answeredMs }: ClockReading): Check {
  const skewMs = Math.round(theirsMs - (sentMs + answeredMs) / 2);
  // As much as the journey of the question may hide.
  const uncertainMs = Math.ceil((answeredMs - sentMs) / 2);
  const off = Math.max(0, Math.abs(skewMs) - uncertainMs);
  const found = `${whose} is ${Math.abs(skewMs)} ms ${skewMs < 0 ? 'behind' : 'ahead of'} this machine (± ${uncertainMs} ms)`;
  if (off <= NOTED_MS) return ok(name, found);
  const remedy = `let both machines keep time by NTP (timedatectl, chronyc tracking); up to ${NOTED_MS} ms is fine`;
  return off <= HARMFUL_MS ? warning(name, found, remedy) : failed(name, found, remedy);
}
