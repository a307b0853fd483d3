import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { SandboxClock } from './clock.ts';
import { createClock } from './clock.ts';
import type { FaultRuleInput, FaultRules } from './fault-rules.ts';
import { createFaultRules, faultRule } from './fault-rules.ts';
import { adminPrefix, installFaults } from './faults.ts';
import type { JournalEntry, RequestJournal } from './journal.ts';
import { createJournal } from './journal.ts';
import type { SandboxLimits } from './limits.ts';
import { createLimits, visible } from './limits.ts';
import { createRandom } from './random.ts';

export interface SandboxControlOptions extends Partial<SandboxLimits> {
  seed?: number;
  clock?: SandboxClock;
  /** The store's error shape for injected status codes that name no body. */
  errorBody?: (code: number) => unknown;
}

/** What every sandbox offers to tests and to its own routes. */
export interface SandboxControls {
  clock: SandboxClock;
  limits: SandboxLimits;
  faults: FaultRules;
  journal: RequestJournal;
  isReplay: (request: FastifyRequest) => boolean;
  /** The request that a late commit repeats: whoever sent that one is the caller of this one. */
  originalOf: (request: FastifyRequest) => FastifyRequest | undefined;
  pendingLateCommits: () => number;
  /** Whether lists and searches show a row of this age yet. */
  shows: (row: { visibleSinceMs: number }) => boolean;
}

/**
 * Adds journal, latency, faults and the `/__admin/{faults,limits,requests,clock}` routes to an app.
 * Call it before the store's own hooks and routes: its hooks apply only to routes registered later.
 */
export function installControls(app: FastifyInstance, options: SandboxControlOptions = {}): SandboxControls {
  const clock = options.clock ?? createClock();
  const limits = createLimits(options);
  const journal = createJournal();
  const random = createRandom(options.seed ?? 1);
  const faults = createFaultRules(random);
  const { entryOf, unanswered } = keepJournal(app, journal, clock);
  app.addHook('onRequest', async (request) => {
    if (limits.latencyMs > 0 && !isAdmin(request)) {
      await new Promise<void>((resolve) => setTimeout(resolve, limits.latencyMs).unref());
    }
  });
  const errorBody = options.errorBody ?? ((code) => ({ status: code, title: 'Injected fault' }));
  const engine = installFaults(app, { rules: faults, limits, random, errorBody, entryOf, unanswered });
  addFaultRoutes(app, faults);
  addLimitRoutes(app, limits, engine.pendingLateCommits);
  addJournalRoutes(app, journal);
  addClockRoutes(app, clock);
  return {
    clock,
    limits,
    faults,
    journal,
    isReplay: engine.isReplay,
    originalOf: engine.originalOf,
    pendingLateCommits: engine.pendingLateCommits,
    shows: (row) => visible(row, clock.now(), limits.listLagMs),
  };
}

export function isAdmin(request: FastifyRequest): boolean {
  return request.url.startsWith(`${adminPrefix}/`);
}

/** An OAuth signature is in a header or in the query; either way nothing of it comes into the journal. */
function namesIn(url: string): string {
  const query = new URLSearchParams(url.split('?', 2)[1] ?? '');
  return [...new Set(query.keys())]
    .filter((name) => !name.startsWith('oauth_'))
    .sort()
    .join(',');
}

function keepJournal(app: FastifyInstance, journal: RequestJournal, clock: SandboxClock) {
  const open = new WeakMap<FastifyRequest, { entry: JournalEntry; settle: (status: number) => void }>();
  app.addHook('onRequest', async (request, reply) => {
    if (isAdmin(request)) return;
    const entry: JournalEntry = {
      at: new Date(clock.now()).toISOString(),
      method: request.method,
      path: request.url.split('?', 1)[0] ?? '',
      route: request.routeOptions.url ?? 'unknown',
      query: namesIn(request.url),
      status: null,
    };
    const startedMs = performance.now();
    const settle = (status: number): void => journal.settle(entry, status, Math.round(performance.now() - startedMs));
    open.set(request, { entry, settle });
    journal.open(entry);
    // `close` comes after the last byte, or when the client went away before it: then nothing was answered.
    reply.raw.once('close', () => settle(reply.raw.writableFinished ? reply.raw.statusCode : 0));
  });
  app.addHook('onResponse', async (request, reply) => open.get(request)?.settle(reply.statusCode));
  return {
    entryOf: (request: FastifyRequest): JournalEntry | undefined => open.get(request)?.entry,
    unanswered: (request: FastifyRequest): void => open.get(request)?.settle(0),
  };
}

/** Parses an admin body; a wrong one is a 400 that names the field. */
export function parsed<T>(schema: z.ZodType<T>, value: unknown, reply: FastifyReply): T | undefined {
  const result = schema.safeParse(value ?? {});
  if (result.success) return result.data;
  const detail = result.error.issues.map((issue) => `${issue.path.join('.') || 'body'}: ${issue.message}`);
  void reply.code(400).send({ error: 'invalid admin request', detail });
  return undefined;
}

function addFaultRoutes(app: FastifyInstance, faults: FaultRules): void {
  app.get(`${adminPrefix}/faults`, async () => ({ rules: faults.list() }));
  app.post(`${adminPrefix}/faults`, async (request, reply) => {
    const given = Array.isArray(request.body) ? (request.body as unknown[]) : [request.body];
    // All or none: a wrong rule among right ones must not leave half of them in force.
    for (const rule of given) if (!parsed(faultRule, rule, reply)) return reply;
    return { rules: faults.add(given as FaultRuleInput[]) };
  });
  app.delete<{ Querystring: { id?: string } }>(`${adminPrefix}/faults`, async (request) => {
    faults.remove(request.query.id);
    return { rules: faults.list() };
  });
}

function addLimitRoutes(app: FastifyInstance, limits: SandboxLimits, pending: () => number): void {
  const ms = z.number().int().nonnegative().optional();
  const body = z.strictObject({ latencyMs: ms, listLagMs: ms, lateCommitLimitMs: ms });
  app.get(`${adminPrefix}/limits`, async () => ({ ...limits, pendingLateCommits: pending() }));
  app.post(`${adminPrefix}/limits`, async (request, reply) => {
    const change = parsed(body, request.body, reply);
    if (!change) return reply;
    Object.assign(limits, Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined)));
    return { ...limits, pendingLateCommits: pending() };
  });
}

function addJournalRoutes(app: FastifyInstance, journal: RequestJournal): void {
  app.get(`${adminPrefix}/requests`, async () => ({ ...journal.counts(), requests: journal.entries() }));
  app.delete(`${adminPrefix}/requests`, async () => {
    journal.reset();
    return journal.counts();
  });
}

function addClockRoutes(app: FastifyInstance, clock: SandboxClock): void {
  const body = z.strictObject({
    skewMs: z.number().int().optional(),
    stepMs: z.number().int().optional(),
    freezeAt: z.iso.datetime({ offset: true }).nullable().optional(),
  });
  app.get(`${adminPrefix}/clock`, async () => clock.describe());
  app.post(`${adminPrefix}/clock`, async (request, reply) => {
    const change = parsed(body, request.body, reply);
    if (!change) return reply;
    if (change.skewMs !== undefined) clock.skew(change.skewMs);
    if (change.freezeAt !== undefined) clock.freeze(change.freezeAt === null ? null : Date.parse(change.freezeAt));
    if (change.stepMs !== undefined) clock.step(change.stepMs);
    return clock.describe();
  });
}
