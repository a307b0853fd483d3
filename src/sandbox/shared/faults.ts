import { randomUUID } from 'node:crypto';
import type { Socket } from 'node:net';
import type { FastifyInstance, FastifyReply, FastifyRequest, InjectOptions } from 'fastify';
import type { Fault, FaultRules } from './fault-rules.ts';
import type { JournalEntry } from './journal.ts';
import type { SandboxLimits } from './limits.ts';
import type { Random } from './random.ts';

export const adminPrefix = '/__admin';

export interface FaultEngineOptions {
  rules: FaultRules;
  limits: SandboxLimits;
  random: Random;
  /** The store's own error shape for a status that a rule gives without a body. */
  errorBody: (code: number) => unknown;
  entryOf: (request: FastifyRequest) => JournalEntry | undefined;
  /** Told when it is certain that this request gets no reply. */
  unanswered: (request: FastifyRequest) => void;
}

export interface FaultEngine {
  /** True for the second run of a request whose reply was dropped; authentication must let it pass. */
  isReplay: (request: FastifyRequest) => boolean;
  /** The request that a replay repeats: whoever sent that one is the caller of this one. */
  originalOf: (request: FastifyRequest) => FastifyRequest | undefined;
  /** Writes that are accepted, unanswered, and not applied yet. */
  pendingLateCommits: () => number;
}

/**
 * Adds fault injection to an app. Decisions fall in `preHandler`, that is after authentication and validation:
 * only requests that the store would have served can be lost.
 */
export function installFaults(app: FastifyInstance, options: FaultEngineOptions): FaultEngine {
  const replayed = new Map<string, FastifyRequest>();
  const chosen = new WeakMap<FastifyRequest, Fault>();
  const lateTimers = new Set<NodeJS.Timeout>();
  const heldSockets = new Set<Socket>();
  const originalOf = (request: FastifyRequest): FastifyRequest | undefined =>
    replayed.get(String(request.headers['x-sandbox-replay']));
  const isReplay = (request: FastifyRequest): boolean => originalOf(request) !== undefined;

  const hold = async (request: FastifyRequest): Promise<void> => {
    const { socket } = request.raw;
    options.unanswered(request);
    heldSockets.add(socket);
    await new Promise<void>((resolve) => {
      if (socket.destroyed) resolve();
      else socket.once('close', () => resolve());
    });
    heldSockets.delete(socket);
  };

  const drop = (request: FastifyRequest): void => {
    options.unanswered(request);
    request.raw.socket.destroy();
  };

  const applyLater = (request: FastifyRequest, lateMs: number): void => {
    const token = randomUUID();
    replayed.set(token, request);
    const again = replayOf(request, token);
    const timer = setTimeout(() => {
      lateTimers.delete(timer);
      void app.inject(again).finally(() => replayed.delete(token));
    }, lateMs);
    lateTimers.add(timer);
  };

  app.addHook('preHandler', async (request, reply) => {
    if (request.url.startsWith(adminPrefix)) return;
    const entry = options.entryOf(request);
    if (isReplay(request)) {
      if (entry) entry.fault = 'late commit';
      return;
    }
    const [path = '', query = ''] = request.url.split('?', 2);
    const rule = options.rules.decide({ method: request.method, path, query });
    if (!rule) return;
    if (entry) entry.fault = `${rule.id} ${rule.fault.kind}`;
    await beforeHandler(rule.fault, request, reply);
  });

  const beforeHandler = async (fault: Fault, request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    const waits = 'when' in fault && fault.when === 'after';
    if (waits || fault.kind === 'truncate') return void chosen.set(request, fault);
    if (fault.kind === 'slow') return pause(fault.ms);
    if (fault.kind === 'status') {
      return void reply
        .code(fault.code)
        .headers(fault.headers ?? {})
        .send(fault.body ?? options.errorBody(fault.code));
    }
    if (fault.kind === 'html') return void reply.code(fault.code).type('text/html; charset=UTF-8').send(fault.html);
    if (fault.kind === 'hang') {
      if (fault.applied) return void chosen.set(request, fault);
      reply.hijack();
      return hold(request);
    }
    if (fault.applied === 'now') return void chosen.set(request, fault);
    reply.hijack();
    if (fault.applied === 'later') applyLater(request, lateDelay(fault.lateMs, options));
    drop(request);
  };

  app.addHook('onSend', async (request, reply, payload: unknown) => {
    const fault = chosen.get(request);
    if (!fault) return payload;
    chosen.delete(request);
    if (fault.kind === 'slow') await pause(fault.ms);
    if (fault.kind === 'hang') await hold(request);
    if (fault.kind === 'drop') drop(request);
    return replacement(fault, reply, payload, options.errorBody);
  });

  app.addHook('preClose', async () => {
    for (const timer of lateTimers) clearTimeout(timer);
    for (const socket of heldSockets) socket.destroy();
  });

  return { isReplay, originalOf, pendingLateCommits: () => lateTimers.size };
}

/** What the client gets instead of the real reply, once the write has been applied. */
function replacement(
  fault: Fault,
  reply: FastifyReply,
  payload: unknown,
  errorBody: (code: number) => unknown,
): unknown {
  if (fault.kind === 'truncate' && typeof payload === 'string') {
    reply.removeHeader('content-length');
    return payload.slice(0, Math.floor(payload.length / 2));
  }
  if (fault.kind === 'status') {
    reply.removeHeader('content-length');
    reply
      .code(fault.code)
      .headers(fault.headers ?? {})
      .type('application/json; charset=UTF-8');
    return JSON.stringify(fault.body ?? errorBody(fault.code));
  }
  if (fault.kind === 'html') {
    reply.removeHeader('content-length');
    reply.code(fault.code).type('text/html; charset=UTF-8');
    return fault.html;
  }
  return payload;
}

function lateDelay(asked: number | undefined, options: Pick<FaultEngineOptions, 'limits' | 'random'>): number {
  const limit = options.limits.lateCommitLimitMs;
  return asked === undefined ? options.random.int(0, limit) : Math.min(asked, limit);
}

/** The request as it came, to be run through the whole app once more without a client. */
function replayOf(request: FastifyRequest, token: string): InjectOptions {
  const headers: Record<string, string> = { 'x-sandbox-replay': token };
  for (const [name, value] of Object.entries(request.headers)) {
    if (name !== 'content-length' && name !== 'transfer-encoding' && typeof value === 'string') headers[name] = value;
  }
  const { body } = request;
  const again: InjectOptions = { method: request.method as 'POST', url: request.originalUrl, headers };
  if (body === undefined || body === null) {
    delete headers['content-type'];
    return again;
  }
  again.payload = typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body);
  return again;
}

async function pause(ms: number): Promise<void> {
  await new Promise<void>((resolve) => setTimeout(resolve, ms).unref());
}
