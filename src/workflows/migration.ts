import {
  allHandlersFinished,
  CancellationScope,
  condition,
  continueAsNew,
  isCancellation,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import { waitsForApproval } from '../domain/gate-words.ts';
import { toldLast } from '../domain/open-alerts.ts';
import { takeCommands } from './commands.ts';
import { alertsSignal, gateWaitsSignal, runSettledSignal } from './contract.ts';
import type { GateWaits, MigrationInput } from './contract.ts';
import { lookSoon, openDesk } from './desk.ts';
import type { Desk } from './desk.ts';
import { settleRun, steerRun } from './run-watch.ts';
import { ATTENTION_EVERY_MS, isAttentionStale, show } from './visibility.ts';

/** A project from its first command to its last: the one authority that accepts or refuses commands. */
export async function migration(input: MigrationInput): Promise<void> {
  const desk = openDesk(input);
  takeCommands(desk);
  setHandler(
    runSettledSignal,
    ({ run }) => {
      if (run === desk.state.run) lookSoon(desk);
    },
    { description: 'From a run of the project: its end is in the ledger' },
  );
  setHandler(
    gateWaitsSignal,
    (told) => {
      if (told.run !== desk.state.run || desk.state.paused) return;
      desk.state = { ...desk.state, attention: attentionAfter(desk.state.attention, told) };
      desk.stirred = true;
    },
    { description: 'From a run of the project: a gate waits for a person, or no more' },
  );
  setHandler(
    alertsSignal,
    (told) => {
      const alerts = toldLast(desk.state.alerts, told);
      if (alerts === undefined || alerts === desk.state.alerts) return;
      desk.state = { ...desk.state, alerts };
      desk.stirred = true;
    },
    { description: 'From a worker that looks for alerts: { version, names } of those that are open' },
  );
  try {
    await attend(desk);
  } catch (error) {
    if (isCancellation(error)) await CancellationScope.nonCancellable(() => windUp(desk));
    throw error;
  }
  await continueAsNew<typeof migration>({ ...input, state: desk.state });
}

/** Only what it was told for is taken back: an approval may have brought up the next gate meanwhile. */
function attentionAfter(attention: string | null, { gate, before }: GateWaits): string | null {
  if (gate !== null) return waitsForApproval(gate);
  return before !== null && attention === waitsForApproval(before) ? null : attention;
}

/** Shows the project and looks after its run, until the history has grown enough and no command is in progress. */
async function attend(desk: Desk): Promise<void> {
  let attentionShownAt = 0;
  for (;;) {
    desk.stirred = false;
    attentionShownAt = show(desk, attentionShownAt);
    if (isHistoryLong(desk)) {
      await condition(allHandlersFinished);
      return;
    }
    await rest(desk, attentionShownAt);
    if (desk.state.run !== null && desk.lookAt <= Date.now()) await settleRun(desk);
  }
}

/** Waits until there is something to do: for ever in a project without a run, so that it costs nothing. */
async function rest(desk: Desk, attentionShownAt: number): Promise<void> {
  const wake = Math.min(
    desk.state.run === null ? Infinity : desk.lookAt,
    isAttentionStale(desk.state) ? attentionShownAt + ATTENTION_EVERY_MS : Infinity,
  );
  const awake = () => desk.stirred;
  if (wake === Infinity) await condition(awake);
  else if (wake > Date.now()) await condition(awake, wake - Date.now(), { summary: 'look after the run' });
}

function isHistoryLong({ input, answered }: Desk): boolean {
  return workflowInfo().continueAsNewSuggested || answered >= (input.continueAfterCommands ?? Infinity);
}

/** Cancelled in Temporal itself: the run is cancelled with it, and its end recorded, before the project's workflow closes. */
async function windUp(desk: Desk): Promise<void> {
  if (desk.state.run !== null) await steerRun(desk, { cancelled: true });
  while (desk.state.run !== null) {
    desk.stirred = false;
    await rest(desk, Date.now());
    if (desk.lookAt <= Date.now()) await settleRun(desk);
  }
  await condition(allHandlersFinished);
}
