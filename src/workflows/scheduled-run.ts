import { continueAsNew, setCurrentDetails, sleep, workflowInfo } from '@temporalio/workflow';
import type { RunOutcome } from '../activities/activity-types.ts';
import type { ScheduledRunInput } from './contract.ts';
import { schedulingActivities } from './stages.ts';

export type ScheduledRunReport = { readonly skipped: string } | { readonly run: string; readonly outcome: RunOutcome };

/**
 * One firing of a schedule: asks the project for a recent run and lives as long as that, so that Temporal sees by it whether the
 * one before is over. Looks at the run ever more rarely: it outlives the run by no longer than the run took.
 */
export async function scheduledRun(input: ScheduledRunInput): Promise<ScheduledRunReport> {
  const { project, schedule, looks } = input;
  const { requestRun, inspectRun, noteSkippedFirings } = schedulingActivities(input.queuePrefix);
  const firing = workflowInfo().firstExecutionRunId;
  const grant =
    input.run === undefined
      ? await requestRun.executeWithOptions({ summary: `ask ${project} for a recent run` }, [
          { project, schedule, firing },
        ])
      : { run: input.run };
  if ('skipped' in grant) {
    setCurrentDetails(`- **Skipped:** ${grant.skipped}`);
    return { skipped: grant.skipped };
  }
  const { run } = grant;
  setCurrentDetails(`- **Run:** ${run} of ${project}`);
  for (let wait = looks.firstMs; ; wait = Math.min(wait * 2, looks.longestMs)) {
    await sleep(wait, { summary: `run ${run} is active` });
    const { state } = await inspectRun.executeWithOptions({ summary: `see how run ${run} stands` }, [{ project, run }]);
    if (state !== 'running') {
      await noteSkippedFirings.executeWithOptions({ summary: 'note firings that were left out' }, [
        { project, schedule, run },
      ]);
      return { run, outcome: state };
    }
    if (workflowInfo().continueAsNewSuggested) await continueAsNew<typeof scheduledRun>({ ...input, run });
  }
}
