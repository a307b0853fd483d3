/** A forecast, as far as it is put into words. */
export interface ForecastView {
  readonly basis: { readonly says: string };
  readonly perHour: readonly object[];
  readonly runs: readonly {
    readonly inHours: number;
    readonly records: number;
    readonly points: number;
    readonly limit: number | null;
    readonly withinLimit: boolean;
    readonly seconds: number;
    readonly requests: number | null;
  }[];
  readonly planned: PlannedView | null;
}
interface FiguresView {
  readonly runs: number;
  readonly records: number | null;
  readonly points: number | null;
  readonly seconds: number | null;
  readonly requests: number | null;
}
export interface PlannedView {
  readonly until: string;
  readonly goLiveAt: string | null;
  readonly says: readonly string[];
  readonly steps: readonly (FiguresView & {
    readonly schedule: string;
    readonly step: string;
    readonly sweep: boolean;
    readonly first: string;
    readonly last: string;
    readonly firings: number;
  })[];
  readonly total: FiguresView;
  readonly untilGoLive: FiguresView | null;
}
