import { afterAll, beforeAll, expect, it } from 'vitest';
import { OPERATIONS } from '../../src/api/operations.ts';
import { type ApiUnderTest, apiUnderTest } from './api-under-test.ts';

interface Operation {
  readonly operationId?: string;
  readonly summary?: string;
  readonly tags?: readonly string[];
  readonly security?: readonly object[];
  readonly parameters?: readonly { readonly name: string; readonly in: string }[];
  readonly requestBody?: object;
  readonly responses: Readonly<Record<string, { readonly content?: Record<string, object> }>>;
}

/** Whoever sends is known by the signature over the body, whatever kind of body that is. */
const DELIVERIES = 'POST /v1/hooks/{project}/{platform}';

let api: ApiUnderTest;
let operations: Map<string, Operation>;
let document: { readonly tags: readonly { readonly name: string }[]; readonly paths: Record<string, object> };
beforeAll(async () => {
  api = await apiUnderTest();
  document = (await api.call('GET', '/docs/json')).body;
  operations = new Map(
    Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, one]) => [`${method.toUpperCase()} ${path}`, one as Operation] as const),
    ),
  );
});
afterAll(() => api.close());

const named = (holds: (operation: Operation, name: string) => boolean) =>
  [...operations].filter(([name, operation]) => holds(operation, name)).map(([name]) => name);

it('names every route, and no other', () => {
  expect(Object.keys(OPERATIONS).sort()).toEqual([...operations.keys()].sort());
  const ids = [...operations.values()].map(({ operationId }) => operationId);
  expect(new Set(ids).size).toBe(ids.length);
  expect(named(({ operationId, summary }) => !operationId || !summary)).toEqual([]);
});

it('puts every route under tags that it explains', () => {
  const tags = document.tags.map(({ name }) => name);
  expect(named((one) => one.tags?.length !== 1 || !tags.includes(one.tags[0] ?? ''))).toEqual([]);
});

it('wants a key everywhere but where it says so', () => {
  const open = named(({ security }) => security?.length === 0);
  expect(open.toSorted()).toEqual(['GET /v1/health', 'GET /v1/ready', DELIVERIES]);
  // Deliveries are turned away without a signature.
  expect(named(({ responses, security }) => (responses['401'] === undefined) !== (security?.length === 0))).toEqual([
    DELIVERIES,
  ]);
});

it('documents Idempotency-Key on every POST', () => {
  const keyed = named(({ parameters }) => parameters?.some((one) => one.name === 'idempotency-key') === true);
  expect(keyed).toEqual(named((_, name) => name.startsWith('POST ') && name !== DELIVERIES));
});

it('documents what any route may answer', () => {
  for (const status of ['429', '431', '500', '503'])
    expect(named(({ responses }) => responses[status] === undefined)).toEqual([]);
  const bodies = named(({ responses }) => responses['413'] !== undefined && responses['415'] !== undefined);
  expect(bodies).toEqual(named((_, name) => !name.startsWith('GET ') && name !== DELIVERIES));
});

it('answers refusals as problems, and says so', () => {
  const refusals = [...operations].flatMap(([name, { responses }]) =>
    Object.entries(responses)
      .filter(([status]) => Number(status) >= 400 && !(name === 'GET /v1/ready' && status === '503'))
      .map(([status, { content }]) => [`${name} ${status}`, Object.keys(content ?? {})]),
  );
  expect(refusals.length).toBeGreaterThan(100);
  expect(refusals.filter(([, types]) => types?.[0] !== 'application/problem+json')).toEqual([]);
});

it('documents the cursor and the limit of lists of more than one page', () => {
  const paged = named(({ responses }) => JSON.stringify(responses['200'] ?? {}).includes('"next"'));
  expect(paged.length).toBeGreaterThanOrEqual(5);
  const turned = named(({ parameters = [] }) => {
    const names = parameters.map((one) => one.name);
    return names.includes('limit') && (names.includes('after') || names.includes('before'));
  });
  expect(paged.filter((name) => !turned.includes(name))).toEqual([]);
});
