import { ENTITIES, type Entity } from '../src/domain/entity.ts';
import type { Owner, Requests } from './requests.ts';
import { PURPOSES, sumOf } from './requests.ts';

/** What `bench -- full --json` prints; every further key explains one of these. */
export interface BenchReport {
  /** Size → records at the target after the run. */
  readonly sizes: Readonly<Record<string, number>>;
  readonly storeferry: { readonly recordsPerSecond: number };
  readonly bare: { readonly recordsPerSecond: number };
  readonly ratio: number;
  readonly ratioNoLatency: number;
  readonly requestsPerRecord: Readonly<Partial<Record<Entity, RequestFigure>>>;
  readonly historyEventsPer1000Records: number;
  readonly workerRssMiB: Readonly<Record<string, number>>;
  readonly quota: { readonly usedShare: number; readonly answered429: number };
  readonly terms: { readonly latencyMs: number; readonly inFlight: number; readonly seed: number };
}

/** `actual`, `least` and the columns are requests per record. */
export interface RequestFigure extends Requests {
  readonly records: number;
  readonly actual: number;
  readonly least: number;
}

export function recordsIn(written: Readonly<Record<string, number>>): number {
  return ENTITIES.reduce((sum, entity) => sum + (written[entity] ?? 0), 0);
}

export function requestFigures(
  written: Readonly<Record<string, number>>,
  found: Readonly<Record<Owner, Requests>>,
  least: Readonly<Record<Entity, number>>,
): Partial<Record<Entity, RequestFigure>> {
  return Object.fromEntries(
    ENTITIES.flatMap((entity) => {
      const records = written[entity] ?? 0;
      if (records === 0) return [];
      const per = (count: number) => rounded(count / records, 4);
      const columns = Object.fromEntries(PURPOSES.map((purpose) => [purpose, per(found[entity][purpose])]));
      return [[entity, { records, actual: per(sumOf(found[entity])), least: per(least[entity]), ...columns }]];
    }),
  );
}

/** Events that each thousand of further records costs; a few more or less are chance. */
export function eventSlope(
  smaller: { readonly records: number; readonly events: number },
  larger: { readonly records: number; readonly events: number },
): number {
  const further = larger.records - smaller.records;
  if (further <= 0) throw new RangeError(`expected two sizes, got ${smaller.records} and ${larger.records} records`);
  return rounded(((larger.events - smaller.events) / further) * 1_000, 2);
}

export function rounded(value: number, places: number): number {
  return Number(value.toFixed(places));
}

/** For people. */
export function reportTable(report: BenchReport): string {
  const { storeferry, bare, quota, terms } = report;
  const lines = [
    `sizes              ${shown(report.sizes)} records`,
    `terms              ${terms.latencyMs} ms added to every reply, ${terms.inFlight} requests in flight, seed ${terms.seed}`,
    `storeferry         ${storeferry.recordsPerSecond} records/s`,
    `bare script        ${bare.recordsPerSecond} records/s`,
    `ratio              ${report.ratio} (without latency ${report.ratioNoLatency})`,
    `history events     ${report.historyEventsPer1000Records} per 1,000 further records`,
    `worker RSS         ${shown(report.workerRssMiB)} MiB at its peak`,
    `quota              ${rounded(quota.usedShare * 100, 1)} % of what the reserve leaves, ${quota.answered429} answers 429`,
    '',
    ['requests per record', 'records', 'actual', 'least', 'actual/least', ...PURPOSES].join('\t'),
    ...Object.entries(report.requestsPerRecord).map(([entity, figure]) =>
      [
        entity.padEnd(19),
        figure.records,
        figure.actual,
        figure.least,
        figure.least === 0 ? '-' : rounded(figure.actual / figure.least, 2),
        ...PURPOSES.map((purpose) => figure[purpose]),
      ].join('\t'),
    ),
  ];
  return lines.join('\n');
}

function shown(figures: Readonly<Record<string, number>>): string {
  return Object.entries(figures)
    .map(([size, figure]) => `${size} ${figure}`)
    .join(', ');
}
