import { type AxiosInstance, create, isAxiosError } from 'axios';
import { EXIT, exitCodeOf } from './exit-codes.ts';
import type { ForecastView } from './forecast-view.ts';
import { type Query, wholeList } from './whole-list.ts';

/** What the API said when it did not do what was asked; `exitCode` is that of the command. */
export class ApiRefusal extends Error {
  override readonly name = 'ApiRefusal';
  readonly exitCode: number;
  readonly problem: unknown;

  constructor(message: string, exitCode: number, problem: unknown = null) {
    super(message);
    this.exitCode = exitCode;
    this.problem = problem;
  }
}

export interface StoreBody {
  readonly platform: string;
  readonly url?: string;
  readonly credentials: Readonly<Record<string, string>>;
  readonly options?: Readonly<Record<string, string>>;
}
export interface ProjectBody {
  readonly project: string;
  readonly source: StoreBody;
  readonly target: StoreBody;
}
export interface EntityProgress {
  readonly entity: string;
  readonly planned: number;
  readonly read: number;
  readonly created: number;
  readonly updated: number;
  readonly unchanged: number;
  readonly ignored: number;
  readonly deleted: number;
  readonly failed: number;
  readonly ready: number;
  readonly waiting: number;
  readonly held: number;
}
export interface ProjectStatus {
  readonly project: string;
  readonly phase: string;
  readonly paused: boolean;
  readonly attention: string | null;
  readonly run: {
    readonly run: string;
    readonly kind: string;
    readonly state: string;
    readonly step: string;
    /** ISO 8601; null while it runs. */
    readonly endedAt: string | null;
    readonly endedReason: string | null;
    readonly entities: readonly EntityProgress[];
    readonly queueDepth: number;
    readonly waits: readonly { readonly reason: string; readonly count: number }[];
    readonly recordsPerMinute: number;
    readonly netPerMinute: number | null;
    readonly etaSeconds: number | null;
    readonly lag: {
      readonly oldestChangeSeconds: number | null;
      readonly captureSeconds: number | null;
      readonly sweepSeconds: number | null;
      readonly changes: number;
    };
    readonly pass: { readonly number: number; readonly name: string; readonly state: string } | null;
    readonly throttle: string | null;
  } | null;
}
export interface StartRunBody {
  readonly kind: 'full' | 'demo' | 'recent' | 'resync' | 'continuous';
  readonly autoApprove?: boolean;
  readonly perEntity?: number;
  readonly sweep?: boolean;
  readonly passes?: readonly number[];
}
/** As `PUT …/schedules/<name>` takes it. */
export interface ScheduleBody {
  readonly every?: string;
  readonly calendar?: { readonly days?: readonly string[]; readonly at: readonly string[]; readonly zone: string };
  readonly ladder?: {
    readonly goLiveAt: string;
    readonly hoursBefore: number | undefined;
    readonly finalSweepDays: number | undefined;
    readonly reason: string | undefined;
  };
  readonly sweep?: boolean;
  readonly until?: string;
}
export interface AccountView {
  readonly seen: number;
  readonly closed: boolean;
  readonly lines: readonly {
    readonly entity: string;
    readonly word: string;
    readonly reason: string | null;
    readonly count: number;
  }[];
}
export interface Accepted {
  readonly phase: string;
  readonly run: string | null;
}

const TIMEOUT_MS = 60_000;

/** A client of the HTTP API; every method throws ApiRefusal with the problem's own words. */
export function createApiClient({ url, key }: { readonly url: string; readonly key: string }) {
  const http = create({
    baseURL: `${url.replace(/\/+$/, '')}/v1`,
    timeout: TIMEOUT_MS,
    headers: { authorization: `Bearer ${key}` },
    validateStatus: () => true,
    proxy: false,
  });
  const call = <T>(method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE', path: string, body?: unknown) =>
    request<T>(http, url, method, path, body);
  const list = <Name extends string, Row>(name: Name, path: string, query: Query = {}) =>
    wholeList<Name, Row>((asked) => call('GET', `${path}?${asked}`), name, query);
  return {
    createProject: (body: ProjectBody) => call<{ project: string }>('POST', '/projects', body),
    listProjects: () => list<'projects', { readonly project: string }>('projects', '/projects'),
    project: (project: string) => call<object>('GET', of(project)),
    deleteProject: (project: string, withoutIdMap = false) =>
      call<unknown>('DELETE', `${of(project)}?withoutIdMap=${withoutIdMap}`),
    idMap: (project: string, after: string) =>
      call<{ pairs: readonly object[]; next: string | null }>(
        'GET',
        `${of(project)}/id-map?after=${encodeURIComponent(after)}`,
      ),
    check: (project: string) => call<{ ok: boolean }>('POST', `${of(project)}/check`),
    estimate: (project: string, body: { readonly kind: string; readonly perEntity?: number }) =>
      call<object>('POST', `${of(project)}/estimate`, body),
    confirmBackup: (project: string, backup: { readonly by: string; readonly at: string }) =>
      call<object>('PUT', `${of(project)}/backup`, backup),
    options: (project: string, options: object) => call<object>('PATCH', `${of(project)}/options`, options),
    putTarget: (project: string, store: StoreBody) => call<object>('PUT', `${of(project)}/connections/target`, store),
    startRun: (project: string, body: StartRunBody) =>
      call<Accepted & { run: string }>('POST', `${of(project)}/runs`, body),
    status: (project: string) => call<ProjectStatus>('GET', `${of(project)}/status`),
    command: (project: string, command: 'pause' | 'resume' | 'cancel' | 'finish', reason?: string) =>
      call<Accepted>('POST', `${of(project)}/${command}`, reason === undefined ? {} : { reason }),
    setRate: (project: string, rates: object) => call<Accepted>('POST', `${of(project)}/rate`, rates),
    schedules: (project: string) => list<'schedules', object>('schedules', `${of(project)}/schedules`),
    setSchedule: (project: string, name: string, body: ScheduleBody) =>
      call<object>('PUT', ofSchedule(project, name), body),
    actOnSchedule: (project: string, name: string, what: 'pause' | 'resume' | 'trigger', reason?: string) =>
      call<object>('POST', `${ofSchedule(project, name)}/${what}`, reason === undefined ? {} : { reason }),
    removeSchedule: (project: string, name: string) => call<unknown>('DELETE', ofSchedule(project, name)),
    gateToken: (project: string, gate: string) =>
      call<object>('POST', `${of(project)}/gates/${encodeURIComponent(gate)}/tokens`),
    runs: (project: string) => list<'runs', object>('runs', `${of(project)}/runs`),
    account: (project: string, run: string) => call<AccountView>('GET', `${ofRun(project, run)}/account`),
    passes: (project: string, run: string) => list<'passes', PassView>('passes', `${ofRun(project, run)}/passes`),
    slices: (project: string, run: string, after = 0) =>
      list<'slices', { id: number; entity: string }>('slices', `${ofRun(project, run)}/slices`, { after }),
    slice: <T = object>(project: string, run: string, slice: number, what: 'compare' | 'rerun') =>
      call<T>('POST', `${ofRun(project, run)}/slices/${slice}/${what}`),
    retry: (project: string, which: object) => call<object>('POST', `${of(project)}/failures/retry`, which),
    conflicts: (project: string, query: Query) =>
      list<'conflicts', object>('conflicts', `${of(project)}/conflicts`, query),
    conflict: (project: string, id: number) =>
      call<{ readonly version: string }>('GET', `${of(project)}/conflicts/${id}`),
    resolve: (project: string, id: number, decision: object) =>
      call<object>('POST', `${of(project)}/conflicts/${id}/resolve`, decision),
    resolveAll: (project: string, decision: object) => call<object>('POST', `${of(project)}/resolve`, decision),
    announce: (project: string, body: object) => call<object>('POST', `${of(project)}/announcements`, body),
    announcements: (project: string) => list<'announcements', object>('announcements', `${of(project)}/announcements`),
    withdrawAnnouncement: (project: string, id: number) =>
      call<unknown>('DELETE', `${of(project)}/announcements/${id}`),
    decisions: (project: string) => list<'decisions', object>('decisions', `${of(project)}/decisions`),
    alerts: (project: string, state: 'open' | 'all') =>
      list<'alerts', object>('alerts', `${of(project)}/alerts`, { state }),
    sendAlerts: (project: string, receiver: string) =>
      call<{ url: string; secret: string | null }>('PUT', `${of(project)}/alerts/target`, { url: receiver }),
    stopAlerts: (project: string) => call<{ removed: boolean }>('DELETE', `${of(project)}/alerts/target`),
    forecast: (project: string, plan: { readonly gaps?: string; readonly at?: string }) =>
      call<ForecastView>('GET', `${of(project)}/forecast?${new URLSearchParams(plan).toString()}`),
    gates: (project: string) => list<'gates', object>('gates', `${of(project)}/gates`),
    approve: (project: string, gate: string, reason?: string) =>
      call<Accepted>('POST', `${of(project)}/approve`, { gate, ...(reason === undefined ? {} : { reason }) }),
    /** Without ids the entity as a whole. */
    capture: (project: string, entity: string, sourceIds: readonly string[]) =>
      call<{ received: number; sweeps: readonly string[] }>(
        'POST',
        `${of(project)}/capture`,
        sourceIds.length === 0 ? { entity } : { entity, sourceIds },
      ),
    hooks: (project: string) => call<object>('GET', `${of(project)}/hooks`),
    registerHooks: (project: string, to?: string) =>
      call<object>('POST', `${of(project)}/hooks`, to === undefined ? {} : { url: to }),
    removeHooks: (project: string) => call<unknown>('DELETE', `${of(project)}/hooks`),
    record: (project: string, entity: string, sourceId: string) =>
      call<object>('GET', `${of(project)}/records/${encodeURIComponent(entity)}/${encodeURIComponent(sourceId)}`),
    assess: (project: string) => call<object>('POST', `${of(project)}/assessment`, {}),
    findings: (project: string, kind: 'adjustments' | 'reports', one?: string) =>
      list<'items', object>('items', `${of(project)}/${kind}`, one === undefined ? {} : { key: one }),
    failures: (project: string) => list<'failures', Failure>('failures', `${of(project)}/failures`),
    ready: () => call<{ ready: boolean }>('GET', '/ready'),
  };
}
function of(project: string): string {
  return `/projects/${encodeURIComponent(project)}`;
}

function ofSchedule(project: string, name: string): string {
  return `${of(project)}/schedules/${encodeURIComponent(name)}`;
}

function ofRun(project: string, run: string): string {
  return `${of(project)}/runs/${encodeURIComponent(run)}`;
}

export interface PassView {
  readonly number: number;
  readonly name: string;
  readonly state: string;
  readonly note: unknown;
}

/** A dead letter, as far as callers look into it. */
interface Failure {
  readonly entity: string;
  readonly sourceId: string;
  readonly reason: string;
}

export type ApiClient = ReturnType<typeof createApiClient>;

async function request<T>(http: AxiosInstance, url: string, method: string, path: string, body: unknown): Promise<T> {
  const reply = await http
    // Without a body a POST would be sent as a form.
    .request<unknown>({ method, url: path, ...(body === undefined && method !== 'POST' ? {} : { data: body ?? {} }) })
    .catch((error: unknown) => {
      const why = isAxiosError(error) ? (error.code ?? error.message) : String(error);
      throw new ApiRefusal(
        `nobody answers at ${url} (${why}): start the service with "storeferry start", or give --url`,
        EXIT.unreachable,
      );
    });
  if (reply.status < 400) return reply.data as T;
  const problem = reply.data as { detail?: unknown } | null;
  const detail = typeof problem?.detail === 'string' ? problem.detail : `the API answered ${reply.status}`;
  throw new ApiRefusal(detail, exitCodeOf(reply.status), problem);
}
