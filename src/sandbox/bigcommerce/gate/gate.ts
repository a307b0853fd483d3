import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { isAdmin, parsed, type SandboxControls } from '../../shared/controls.ts';
import { createRateWindow, type RateWindow } from '../../shared/rate-limit.ts';
import { ApiError, V2Error } from '../errors.ts';
import type { BigCommerceOptions } from '../options.ts';
import { resourceCaps } from './caps.ts';
import { ALL_SCOPES, assertScope } from './scopes.ts';

/** What a request has to pass before any route: token, scope, resource cap, rate window; the store's time on every answer, and the shapes of refusals (§1). */
export function addGate(app: FastifyInstance, controls: SandboxControls, options: BigCommerceOptions): void {
  const now = () => controls.clock.now();
  const state = { quota: options.quota, scopes: new Set<string>(options.scopes ?? ALL_SCOPES) };
  const window = createRateWindow({ quota: options.quota, windowMs: options.windowMs, now });
  const caps = resourceCaps();
  app.addHook('onRequest', async (request, reply) => {
    if (isAdmin(request)) return;
    // Refusals carry the store's own time too.
    void reply.header('date', new Date(now()).toUTCString());
  });
  app.addHook('onRequest', async (request, reply) => {
    if (isAdmin(request) || controls.isReplay(request)) return;
    if (request.headers['x-auth-token'] !== options.accessToken) throw new ApiError(401, 'You are not authorized.');
    const path = request.url.split('?', 1)[0] ?? '';
    assertScope(state.scopes, request.method, path);
    const leave = caps.enter(request.method, path);
    // Load protection names no window (§1.4).
    if (leave === null) throw new ApiError(429, 'Too many requests');
    reply.raw.once('close', leave);
    if (state.quota > 0) takeToken(window, reply);
  });
  addControls(app, state, window);
  app.setErrorHandler((error: Error & { statusCode?: number }, _request: FastifyRequest, reply: FastifyReply) => {
    if (error instanceof ApiError || error instanceof V2Error) return reply.code(error.status).send(error.body);
    const status = error.statusCode ?? 500;
    return reply.code(status).send(new ApiError(status, error.message).body);
  });
  app.setNotFoundHandler((_request, reply) => reply.code(404).send(new ApiError(404, 'The route is not found.').body));
}

function takeToken(window: RateWindow, reply: FastifyReply): void {
  const verdict = window.take();
  reply.headers({
    'X-Rate-Limit-Requests-Quota': verdict.quota,
    'X-Rate-Limit-Requests-Left': verdict.left,
    'X-Rate-Limit-Time-Window-Ms': verdict.windowMs,
    'X-Rate-Limit-Time-Reset-Ms': Math.ceil(verdict.resetMs),
  });
  if (!verdict.allowed) throw new ApiError(429, 'Too many requests');
}

const quotaChange = z.strictObject({
  quota: z.number().int().nonnegative().optional(),
  windowMs: z.number().int().positive().optional(),
});
const scopeChange = z.strictObject({ scopes: z.array(z.string()) });

/** A plan is changed, a token loses a scope: while a migration runs. */
function addControls(app: FastifyInstance, state: { quota: number; scopes: Set<string> }, window: RateWindow): void {
  app.post('/__admin/quota', async (request, reply) => {
    const change = parsed(quotaChange, request.body, reply);
    if (!change) return reply;
    state.quota = change.quota ?? state.quota;
    window.configure({
      ...(change.quota === undefined ? {} : { quota: change.quota }),
      ...(change.windowMs === undefined ? {} : { windowMs: change.windowMs }),
    });
    return { quota: state.quota };
  });
  app.post('/__admin/scopes', async (request, reply) => {
    const change = parsed(scopeChange, request.body, reply);
    if (!change) return reply;
    state.scopes = new Set(change.scopes);
    return { scopes: [...state.scopes] };
  });
}
