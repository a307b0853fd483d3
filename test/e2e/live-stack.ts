import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { vi } from 'vitest';
import { type ApiClient, createApiClient, type ProjectStatus } from '../../src/cli/client/api-client.ts';
import { bigCommerceCredentials } from '../../src/sandbox/bigcommerce/options.ts';
import { createLimits } from '../../src/sandbox/shared/limits.ts';
import { sandboxCredentials } from '../../src/sandbox/woocommerce/options.ts';
import { signed } from '../sandbox/woocommerce/shop.ts';
import { createStackFolder, type StackFolder, type StoreferryProcess } from '../support/storeferry-process.ts';

const REQUEST_TIMEOUT_MS = 1_500;
/** A real server hashes a password before it lets anybody in, on a machine that is busy. */
const REAL_REQUEST_TIMEOUT_MS = 10_000;
/** Of the sandbox stores as the stack starts them. */
const { lateCommitLimitMs, listLagMs } = createLimits();

/** Short times, so that crashes and lost replies are over within a test. Milliseconds. */
export const SHORT_TIMES = {
  leaseMs: 4_000,
  ...patience(REQUEST_TIMEOUT_MS),
  heartbeatMs: 400,
  heartbeatTimeoutMs: 4_000,
  timeBoxMs: 5_000,
  pollChangesMs: 200,
};

function patience(requestTimeoutMs: number) {
  // The bound of P2, by the sandbox's own limits; and room for a busy machine.
  return { requestTimeoutMs, settleMs: requestTimeoutMs + lateCommitLimitMs + listLagMs + 1_000 };
}

/** Words of a run's account for what changed something at the target. */
const WRITTEN: ReadonlySet<string> = new Set(['created', 'restored', 'updated', 'deleted', 'archived']);

/** The whole service as its users start it, on free ports, with both sandbox stores. */
export class LiveStack {
  readonly folder: StackFolder;
  readonly process: StoreferryProcess;
  readonly api: ApiClient;

  private constructor(folder: StackFolder, process: StoreferryProcess) {
    this.folder = folder;
    this.process = process;
    const key = readFileSync(join(folder.dataFolder, 'approver.key'), 'utf8').trim();
    this.api = createApiClient({ url: `http://127.0.0.1:${folder.ports.api}`, key });
  }

  static start(products: number, seed: number, workers = 1, leaseMs = SHORT_TIMES.leaseMs): Promise<LiveStack> {
    return LiveStack.#bringUp({ products, seed }, workers, { ...SHORT_TIMES, leaseMs });
  }

  /** The service and the target, for what migrates from a real store. */
  static startWithoutShop(): Promise<LiveStack> {
    // Nothing is sent in the last request's time of a lease; what is left must do to look at every part of a large product.
    const leaseMs = REAL_REQUEST_TIMEOUT_MS + 10_000;
    return LiveStack.#bringUp({ enabled: false }, 1, { ...SHORT_TIMES, ...patience(REAL_REQUEST_TIMEOUT_MS), leaseMs });
  }

  static async #bringUp(shop: object, workers: number, sync: typeof SHORT_TIMES): Promise<LiveStack> {
    const folder = await createStackFolder();
    const { woocommerce, bigcommerce } = folder.ports;
    const process = folder.run(['start'], {
      sync,
      worker: { count: workers, stickyQueueScheduleToStartMs: 500, shutdownGraceMs: 3_000 },
      sandbox: {
        woocommerce: { port: woocommerce, ...shop },
        bigcommerce: { port: bigcommerce, quota: 100_000 },
      },
    });
    await process.waitFor(new RegExp(`worker-${workers} is up`));
    return new LiveStack(folder, process);
  }

  get sourceUrl(): string {
    return `http://127.0.0.1:${this.folder.ports.woocommerce}`;
  }
  get targetUrl(): string {
    return `http://127.0.0.1:${this.folder.ports.bigcommerce}`;
  }

  createProject(project: string, credentials: object = sandboxCredentials): Promise<void> {
    const shown = credentials as Record<string, string>;
    return this.createProjectFrom(project, { platform: 'woocommerce', url: this.sourceUrl, credentials: shown });
  }

  async createProjectFrom(
    project: string,
    source: { readonly platform: string; readonly url: string; readonly credentials: Record<string, string> },
  ): Promise<void> {
    await this.api.createProject({
      project,
      source,
      target: { platform: 'bigcommerce', url: this.targetUrl, credentials: bigCommerceCredentials },
    });
    await this.confirmBackup(project);
  }

  /** What a run wants before it writes: somebody's word that there is a backup. */
  confirmBackup(project: string): Promise<unknown> {
    return this.api.confirmBackup(project, { by: 'a test', at: new Date().toISOString() });
  }

  async deleteProject(project: string): Promise<void> {
    await this.api.deleteProject(project, true);
  }

  /** Awaits a state of the project; the service may be away for a moment while one of its parts starts again. */
  async until(project: string, what: string, holds: (status: ProjectStatus) => boolean): Promise<ProjectStatus> {
    let last: ProjectStatus | null = null;
    return vi.waitFor(
      async () => {
        last = await this.api.status(project);
        if (!holds(last)) throw new Error(`${what}: not yet, ${JSON.stringify(last)}`);
        return last;
      },
      { timeout: 150_000, interval: 150 },
    );
  }

  startRun(project: string): Promise<{ run: string }> {
    return this.api.startRun(project, { kind: 'full', autoApprove: true });
  }

  /** Runs to the end, and until the project's phase says so too. */
  async fullRun(project: string): Promise<ProjectStatus> {
    const { run } = await this.startRun(project);
    const ended = (status: ProjectStatus) =>
      status.run?.run === run && status.run.state !== 'running' && status.phase !== 'copying';
    return this.until(project, `${run} has ended`, ended);
  }

  /** A recent run, to its end; `written`: how many records it brought over or took away. */
  async recentRun(project: string, sweep = false) {
    const { run } = await this.api.startRun(project, { kind: 'recent', ...(sweep ? { sweep } : {}) });
    const status = await this.until(
      project,
      `${run} has ended`,
      (now) => now.run?.run === run && now.run.state !== 'running',
    );
    const account = await this.api.account(project, run);
    const written = account.lines.filter(({ word }) => WRITTEN.has(word)).reduce((sum, { count }) => sum + count, 0);
    return { run, state: status.run?.state, reason: status.run?.endedReason, phase: status.phase, account, written };
  }

  /** What a plugin, an employee or a shopper does at the source, over its own API. */
  async atSource<T>(method: 'POST' | 'PUT' | 'DELETE', path: string, body?: unknown): Promise<T> {
    const url = signed(`${this.sourceUrl}/wp-json/wc/v3${path}`, method, {});
    const sent =
      body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } };
    const reply = await fetch(url, { method, ...sent });
    if (!reply.ok) throw new Error(`${method} ${path} answered ${reply.status}: ${await reply.text()}`);
    return (await reply.json()) as T;
  }

  async admin<T>(
    side: 'source' | 'target',
    method: 'GET' | 'POST' | 'DELETE',
    path: string,
    body?: unknown,
  ): Promise<T> {
    const url = side === 'source' ? this.sourceUrl : this.targetUrl;
    const reply = await fetch(`${url}/__admin/${path}`, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    });
    if (!reply.ok) throw new Error(`${method} ${path} answered ${reply.status}: ${await reply.text()}`);
    return (await reply.json()) as T;
  }

  /** Requests that the target got since the last look, by method and route. */
  async targetWrites(): Promise<Record<string, number>> {
    const { byRoute } = await this.admin<{ byRoute: Record<string, number> }>('target', 'GET', 'requests');
    return Object.fromEntries(Object.entries(byRoute).filter(([route]) => !route.startsWith('GET')));
  }

  /** Kills the process of a part as the kernel would, with SIGKILL. */
  kill(part: string): void {
    const entry = this.folder.processes().find((candidate) => candidate.name === part);
    if (entry === undefined) throw new Error(`no part ${part}`);
    process.kill(entry.pid, 'SIGKILL');
  }
  signal(part: string, signal: 'SIGSTOP' | 'SIGCONT'): void {
    const entry = this.folder.processes().find((candidate) => candidate.name === part);
    if (entry === undefined) throw new Error(`no part ${part}`);
    process.kill(entry.pid, signal);
  }

  stop(): Promise<void> {
    return this.folder.remove();
  }
}
