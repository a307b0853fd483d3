import type { ForecastView } from './api-client.ts';

/** A line for each run; what each entity comes to is in `--json`. */
export function forecastInWords({ basis, perHour, runs }: ForecastView) {
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
  };
}
