import type { Json } from '../../../domain/json.ts';
import type { Adjustment, ReportItem } from '../../../domain/record.ts';

/** Gathers what a mapping changed on purpose and what it could not carry. One entry per key and field. */
export interface Findings {
  readonly adjustments: readonly Adjustment[];
  readonly reports: readonly ReportItem[];
  adjust(key: string, field: string, before: Json, after: Json, why: string): void;
  report(key: string, field: string, sample?: string): void;
}

/** Long texts travel in metafields; a history needs only enough to recognise them. */
const SHOWN = 200;

export function createFindings(): Findings {
  const adjustments = new Map<string, Adjustment>();
  const reports = new Map<string, ReportItem>();
  return {
    get adjustments() {
      return [...adjustments.values()];
    },
    get reports() {
      return [...reports.values()];
    },
    adjust(key, field, before, after, why) {
      const place = `${key} ${field}`;
      if (!adjustments.has(place))
        adjustments.set(place, { key, field, before: shown(before), after: shown(after), why });
    },
    report(key, field, sample) {
      const place = `${key} ${field}`;
      if (!reports.has(place)) reports.set(place, sample === undefined ? { key, field } : { key, field, sample });
    },
  };
}

function shown(value: Json): Json {
  return typeof value === 'string' && value.length > SHOWN ? `${value.slice(0, SHOWN)}…` : value;
}
