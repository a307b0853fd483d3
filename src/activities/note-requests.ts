import { addRequests } from '../ledger/store-requests.ts';
import type { RequestMeter } from './request-meter.ts';

/** Brings what was counted of a project's requests into the ledger; what does not get there now is brought the next time. */
export async function noteRequests(
  { db, meter }: { readonly db: Parameters<typeof addRequests>[0]; readonly meter: RequestMeter },
  projectId: number,
): Promise<void> {
  const counts = meter.takeOutcomes(projectId);
  if (counts.length === 0) return;
  try {
    await addRequests(db, projectId, counts);
  } catch {
    // Watching must not fail the work; a ledger that is away is noticed by the work itself.
    meter.giveBack(projectId, counts);
  }
}
