import type { ForecastView, PlannedView } from './forecast-view.ts';

/** A line for each run and for each kind of planned firings; what each entity comes to is in `--json`. */
export function forecastInWords({ basis, perHour, runs, planned }: ForecastView) {
  return {
    basis: basis.says,
    perHour,
    runs: runs.map(({ inHours, records, points, limit, withinLimit, seconds, requests }) => ({
      'in hours': inHours,
      records,
      points: withinLimit ? points : `${points}, above the limit of ${limit}`,
      seconds,
      requests,
    })),
    ...(planned === null ? {} : plannedInWords(planned)),
  };
}

function plannedInWords({ until, goLiveAt, says, steps, total, untilGoLive }: PlannedView) {
  const table = steps.map(({ schedule, step, sweep, first, last, firings, ...figures }) => ({
    schedule,
    // A final sweep says so by its name.
    step: sweep && step !== 'final-sweep' ? `${step}, sweep` : step,
    first: minute(first),
    last: minute(last),
    firings,
    ...figuresOf(figures),
  }));
  const goLive = untilGoLive === null || goLiveAt === null ? [] : [sumOf('until go-live', goLiveAt, untilGoLive)];
  // By number: the columns of a table are cut.
  const notes = Object.fromEntries(says.map((note, place) => [place + 1, note]));
  return { planned: [...table, ...goLive, sumOf('planned', until, total)], notes };
}

function sumOf(what: string, until: string, figures: PlannedView['total']) {
  return { schedule: 'all', step: what, first: '', last: minute(until), firings: null, ...figuresOf(figures) };
}

function figuresOf({ runs, records, points, seconds, requests }: PlannedView['total']) {
  return { runs, records, points, seconds, requests };
}

/** `2027-02-01 06:00Z` */
function minute(time: string): string {
  return `${time.slice(0, 16).replace('T', ' ')}Z`;
}
