import { checkStores, type CheckOptions } from '../../src/sandbox/checker/check-stores.ts';
import type { Finding, FindingKind, Report } from '../../src/sandbox/checker/report.ts';
import type { LiveStack } from './live-stack.ts';

/** The checker's lists; absent: it found nothing. */
type Found = Partial<Record<FindingKind, readonly Finding[]>>;

/** What the independent checker finds lost, doubled or different between the two stores' raw states; empty: nothing. */
export async function compareStores(stack: LiveStack, options: CheckOptions = {}): Promise<Found> {
  const { lost, doubled, different, foreign, ok } = await compareWhole(stack, options);
  return ok ? {} : { lost, doubled, different: different.slice(0, 20), foreign };
}

/** The checker's whole report. */
export async function compareWhole(stack: LiveStack, options: CheckOptions = {}): Promise<Report> {
  const [source, target] = await Promise.all([
    stack.admin<unknown>('source', 'GET', 'state'),
    stack.admin<unknown>('target', 'GET', 'state'),
  ]);
  return checkStores({ source, target, options });
}
