import type { FastifyDynamicSwaggerOptions } from '@fastify/swagger';
import type { FastifySchema, RouteOptions } from 'fastify';
import { jsonSchemaTransform, jsonSchemaTransformObject } from 'fastify-type-provider-zod';
import { OPERATIONS } from './operations.ts';
import { roleOf } from './plugins/authentication.ts';
import { IDEMPOTENCY_KEY_CHARACTERS } from './plugins/idempotency.ts';
import { problems } from './schemas.ts';

const INTRODUCTION = [
  'Moves a live online store to BigCommerce.',
  'Refusals are `application/problem+json` (RFC 9457) with a stable `code`.',
  'Lists are read page by page: `next` of an answer is `after` of the next request (`before` where the newest comes first), given back as it came, and null at the end.',
].join(' ');

const TAGS = {
  health: 'Is it up?',
  projects: 'One store-to-store migration each',
  mapping: 'What is moved, and how',
  assessment: 'A look at both stores before anything is written',
  runs: 'Start, steer and stop',
  status: 'Where it stands, and why',
  findings: 'What was changed on purpose, and what could not be carried',
  conflicts: 'What the target holds otherwise than we left it, and who decides',
  records: 'One record at a time',
  hooks: 'Webhooks of the source',
  metrics: 'Figures for Prometheus',
} as const;

/** Answers that any route may give, whatever it says of itself. */
const OF_ANY = ['429', '431', '500', '503'] as const;
/** Answers of routes that take a body. */
const OF_BODIES = ['413', '415'] as const;
/** Answers of routes that want a key. */
const OF_KEYS = ['401', '403'] as const;

/** The OpenAPI document: each route's own schema, and what the plugins add to all of them. */
export const openApi: FastifyDynamicSwaggerOptions = {
  openapi: {
    openapi: '3.1.0',
    info: { title: 'Storeferry', description: INTRODUCTION, version: '1', license: { name: 'Apache-2.0' } },
    tags: Object.entries(TAGS).map(([name, description]) => ({ name, description })),
    components: {
      securitySchemes: {
        key: { type: 'http', scheme: 'bearer', description: 'An API key; its role is viewer, operator or approver.' },
      },
    },
    security: [{ key: [] }],
  },
  transform: (document) => {
    const { schema, route } = document;
    const whole = schema?.hide === true ? schema : { ...schema, response: answersOf(schema ?? {}, route) };
    const { schema: transformed, url } = jsonSchemaTransform({ ...document, schema: whole });
    return { schema: schema?.hide === true ? transformed : { ...transformed, ...aboutRoute(route, url) }, url };
  },
  transformObject: jsonSchemaTransformObject,
};

function answersOf({ response }: FastifySchema, { method, config }: RouteOptions): Record<string, unknown> {
  const own = response as Record<string, unknown> | undefined;
  const known: Record<string, unknown> = problems;
  const all = { ...Object.fromEntries(OF_ANY.map((status) => [status, known[status]])), ...own };
  const role = roleOf(method, config);
  const never: string[] = [
    ...(method === 'GET' ? OF_BODIES : []),
    ...(role === 'open' ? OF_KEYS : []),
    ...(role === 'signed' ? ['403', '415'] : []),
  ];
  return Object.fromEntries(Object.entries(all).filter(([status]) => !never.includes(status)));
}

const KEYLESS: Readonly<Record<string, string>> = {
  open: 'Needs no key.',
  signed: 'Needs no key: the signature over the body is one.',
};

function aboutRoute({ method, config }: RouteOptions, url: string): object {
  const known = OPERATIONS[`${String(method)} ${url.replaceAll(/:(\w+)/g, '{$1}')}`];
  const role = roleOf(method, config);
  return {
    ...(known === undefined ? {} : { operationId: known.id, summary: known.summary }),
    description: KEYLESS[role] ?? `Needs a key of the role ${role}, or one that may do more.`,
    ...(KEYLESS[role] === undefined ? {} : { security: [] }),
    ...(method === 'POST' && KEYLESS[role] === undefined ? { headers: IDEMPOTENCY_HEADER } : {}),
  };
}

const IDEMPOTENCY_HEADER = {
  type: 'object',
  properties: {
    'idempotency-key': {
      type: 'string',
      description:
        'A request that is repeated under its key within 24 hours is not done again: the first answer is given again. Another request under the same key is refused.',
      minLength: 1,
      maxLength: IDEMPOTENCY_KEY_CHARACTERS,
      pattern: '^[!-~]+$',
    },
  },
};
