import { Counter, Gauge, Registry } from 'prom-client';
import { ALERT_KINDS } from '../domain/alerts.ts';
import { PHASES } from '../domain/phases.ts';
import type { ProjectFigures } from '../ledger/project-figures.ts';

/** Metrics that Prometheus reads; docs/metrics.md explains each, and a test compares the two. */
export const CONTENT_TYPE = Registry.PROMETHEUS_CONTENT_TYPE;

const RUN_STATES = ['running', 'completed', 'failed', 'cancelled'] as const;
const QUEUE_STATES = ['ready', 'leased', 'parked', 'waiting', 'held'] as const;

/** The figures in Prometheus' text format. What is read at each scrape is kept nowhere in between. */
export function exposition(figures: ProjectFigures): Promise<string> {
  const registry = new Registry();
  const registers = [registry];
  const gauge = <L extends string>(name: string, help: string, ...labelNames: L[]) =>
    new Gauge({ name: `storeferry_${name}`, help, labelNames, registers });
  const counter = <L extends string>(name: string, help: string, ...labelNames: L[]) =>
    new Counter({ name: `storeferry_${name}`, help, labelNames, registers });

  projects(figures, gauge);
  runs(figures, gauge);
  const settled = counter('records_settled_total', 'Records settled over all runs', 'project', 'entity', 'word');
  for (const { project, entity, word, count } of figures.settled) settled.inc({ project, entity, word }, count);
  const adjusted = counter('records_adjusted_total', 'Of those, made acceptable by a named fix', 'project', 'entity');
  for (const { project, entity, count } of figures.adjusted) adjusted.inc({ project, entity }, count);
  const dead = gauge('dead_letters', 'Records that retrying will not cure', 'project', 'entity');
  for (const { project, entity, count } of figures.deadLetters) dead.set({ project, entity }, count);
  lags(figures, gauge);
  const requests = counter('store_requests_total', 'Requests that were sent to the store', 'store', 'outcome');
  for (const { store, outcome, count } of figures.requests) requests.inc({ store, outcome }, count);
  const delivered = counter(
    'hook_deliveries_total',
    'Webhooks that came in, by what became of them',
    'project',
    'outcome',
  );
  for (const { project, outcome, count } of figures.deliveries) delivered.inc({ project, outcome }, count);
  const hooks = gauge('source_hooks', 'Our webhooks at the source, as it said last', 'project', 'state');
  for (const { project, state, count } of figures.hooks) hooks.set({ project, state }, count);
  stores(figures, gauge);
  return registry.metrics();
}

type MakeGauge = <L extends string>(name: string, help: string, ...labelNames: L[]) => Gauge<L>;

function projects({ projects: rows, queued }: ProjectFigures, gauge: MakeGauge): void {
  const phases = gauge('project_phase', '1 for the phase that the project is in', 'project', 'phase');
  const paused = gauge('project_paused', '1 while the project is paused', 'project');
  const attention = gauge('project_attention', '1 while a person must look', 'project');
  const gates = gauge('gates_open', 'Gates that wait for a person', 'project');
  const depth = gauge('queue_depth', 'Changes in the queue', 'project', 'state');
  const lag = gauge('lag_seconds', 'How far the target is behind, by kind', 'project', 'kind');
  for (const { project, ...row } of rows) {
    for (const phase of PHASES) phases.set({ project, phase }, Number(row.phase === phase));
    paused.set({ project }, Number(row.paused));
    attention.set({ project }, Number(row.attention));
    gates.set({ project }, row.openGates);
    for (const state of QUEUE_STATES) depth.set({ project, state }, 0);
    lag.set({ project, kind: 'oldest_change' }, row.oldestChangeSeconds ?? 0);
    if (row.captureSeconds !== null) lag.set({ project, kind: 'capture' }, row.captureSeconds);
    if (row.sweepSeconds !== null) lag.set({ project, kind: 'sweep' }, row.sweepSeconds);
  }
  for (const { project, state, count } of queued) depth.set({ project, state }, count);
}

function lags({ lags: rows, alerts, projects: all }: ProjectFigures, gauge: MakeGauge): void {
  const waiting = gauge('entity_changes_waiting', 'Changes in the queue', 'project', 'entity');
  const lag = gauge('entity_lag_seconds', 'How far the entity is behind, by kind', 'project', 'entity', 'kind');
  for (const { project, entity, changes, oldestChangeSeconds, captureSeconds, sweepSeconds } of rows) {
    waiting.set({ project, entity }, changes);
    lag.set({ project, entity, kind: 'oldest_change' }, oldestChangeSeconds ?? 0);
    if (captureSeconds !== null) lag.set({ project, entity, kind: 'capture' }, captureSeconds);
    if (sweepSeconds !== null) lag.set({ project, entity, kind: 'sweep' }, sweepSeconds);
  }
  const open = gauge('alerts_open', 'Alerts that are open, by kind', 'project', 'kind');
  for (const { project } of all) for (const kind of ALERT_KINDS) open.set({ project, kind }, 0);
  for (const { project, kind, count } of alerts) open.set({ project, kind }, count);
}

function runs({ projects: rows }: ProjectFigures, gauge: MakeGauge): void {
  const states = gauge('run_state', '1 for the state of the latest run', 'project', 'state');
  const info = gauge(
    'run_info',
    'Always 1: which run is the latest, and what it is at',
    'project',
    'run',
    'kind',
    'step',
  );
  const started = gauge('run_start_time_seconds', 'When the latest run was started, since 1970', 'project');
  for (const { project, run, runKind, runState, runStep, runStartedSeconds } of rows) {
    if (run === null || runStartedSeconds === null) continue;
    for (const state of RUN_STATES) states.set({ project, state }, Number(runState === state));
    info.set({ project, run, kind: runKind ?? '', step: runStep ?? '' }, 1);
    started.set({ project }, runStartedSeconds);
  }
}

function stores({ stores: rows, waits }: ProjectFigures, gauge: MakeGauge): void {
  const inFlight = gauge('store_requests_in_flight', 'Requests under way, over all workers', 'store');
  const slots = gauge('store_requests_in_flight_limit', 'Requests that may be under way at once', 'store');
  const used = gauge('store_quota_used', 'Requests used of the open rate window', 'store');
  const limit = gauge('store_quota_limit', 'Requests that a rate window grants', 'store');
  const reserve = gauge('store_quota_reserve_ratio', 'Share of a rate window left to the merchant, 0 to 1', 'store');
  const waiting = gauge('store_requests_waiting', 'Requests that wait now, by cause', 'store', 'cause');
  for (const { store, ...row } of rows) {
    inFlight.set({ store }, row.inFlight);
    slots.set({ store }, row.concurrency);
    reserve.set({ store }, row.reservePercent / 100);
    if (row.windowUsed !== null) used.set({ store }, row.windowUsed);
    if (row.windowLimit !== null) limit.set({ store }, row.windowLimit);
  }
  for (const { store, cause, waiting: count } of waits) waiting.set({ store, cause }, count);
}
