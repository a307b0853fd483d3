import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { openGovernor } from '../../../src/connectors/http/open-governor.ts';
import type { RequestFact } from '../../../src/connectors/http/store-client.ts';
import type { VendureOptions } from '../../../src/connectors/vendure/options.ts';

export interface Asked {
  readonly path: string;
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly headers: IncomingHttpHeaders;
}
export interface Answer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Text is sent as it is. */
  readonly body: unknown;
}

export interface StubServer {
  readonly url: string;
  readonly asked: readonly Asked[];
  readonly facts: readonly RequestFact[];
  options(more?: Partial<VendureOptions>): VendureOptions;
  close(): Promise<void>;
}

/** An Admin API that answers what a test says; `answer` gets each request and how many came before it. */
export async function stubServer(answer: (asked: Asked, before: number) => Answer): Promise<StubServer> {
  const asked: Asked[] = [];
  const facts: RequestFact[] = [];
  const server = createServer((request, reply) => {
    const pieces: Buffer[] = [];
    request.on('data', (piece: Buffer) => pieces.push(piece));
    request.on('end', () => {
      const { query, variables } = JSON.parse(Buffer.concat(pieces).toString()) as Pick<Asked, 'query' | 'variables'>;
      const one = { path: request.url ?? '', query, variables, headers: request.headers };
      const { status = 200, headers = {}, body } = answer(one, asked.length);
      asked.push(one);
      reply.writeHead(status, { 'content-type': 'application/json', ...headers });
      reply.end(typeof body === 'string' ? body : JSON.stringify(body));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    asked,
    facts,
    options: (more = {}) => ({
      baseUrl: url,
      network: { allowPrivate: true },
      governor: openGovernor(),
      timeoutMs: 5_000,
      concurrency: 4,
      retry: { baseMs: 1, tries: 2 },
      onRequest: (fact) => facts.push(fact),
      ...more,
    }),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** An answer of 200 with an error inside, as Vendure gives it. */
export function refusal(code: string, message = 'refused'): Answer {
  return { body: { errors: [{ message, path: ['products'], extensions: { code } }], data: null } };
}
