import { setCurrentDetails, upsertSearchAttributes, workflowInfo } from '@temporalio/workflow';
import type { SearchAttributeUpdatePair } from '@temporalio/common';
import { wantedLines, wantsPerson } from '../domain/open-alerts.ts';
import { SEARCH_ATTRIBUTES } from './contract.ts';
import type { MigrationState } from './contract.ts';
import type { Desk } from './desk.ts';

/** Search attributes other than phase and run change at most this often (design §4). */
export const ATTENTION_EVERY_MS = 60_000;

/** Shows the project in Temporal UI: details on its page, search attributes in lists. Returns when to show it again. */
export function show(desk: Desk, attentionShownAt: number): number {
  setCurrentDetails(detailsOf(desk));
  const shown = workflowInfo().typedSearchAttributes;
  const { phase, runKind } = desk.state;
  const changes: SearchAttributeUpdatePair[] = [];
  if (shown.get(SEARCH_ATTRIBUTES.project) !== desk.input.project) {
    changes.push({ key: SEARCH_ATTRIBUTES.project, value: desk.input.project });
  }
  if (shown.get(SEARCH_ATTRIBUTES.phase) !== phase) changes.push({ key: SEARCH_ATTRIBUTES.phase, value: phase });
  if ((shown.get(SEARCH_ATTRIBUTES.runKind) ?? null) !== runKind) {
    changes.push({ key: SEARCH_ATTRIBUTES.runKind, value: runKind });
  }
  let shownAt = attentionShownAt;
  if (isAttentionStale(desk.state) && (changes.length > 0 || Date.now() >= shownAt + ATTENTION_EVERY_MS)) {
    changes.push({ key: SEARCH_ATTRIBUTES.attention, value: wantsPerson(desk.state) });
    shownAt = Date.now();
  }
  if (changes.length > 0) upsertSearchAttributes(changes);
  return shownAt;
}

export function isAttentionStale(state: MigrationState): boolean {
  return (workflowInfo().typedSearchAttributes.get(SEARCH_ATTRIBUTES.attention) ?? false) !== wantsPerson(state);
}

function detailsOf({ input, state }: Desk): string {
  // A list, because Temporal UI gives the details little height and cuts off what is below.
  return [
    `**Phase:** ${state.phase}${state.paused ? ', paused' : ''}`,
    `**Run:** ${state.run ?? 'none'}`,
    ...wantedLines(input.project, state),
    `**Last command:** ${state.lastAnswer ?? 'none yet'}`,
  ]
    .map((line) => `- ${line}`)
    .join('\n');
}
