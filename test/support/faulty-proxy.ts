import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export type Fault = 'html' | 'no-route' | 'truncated' | 'flaky' | 'none';

export interface FaultyProxy {
  readonly url: string;
  /** Requests answered so far. */
  requests(): number;
  /** What every answer is from now on. */
  break(fault: Fault): void;
  close(): Promise<void>;
}

/** Stands before a store that cannot be made to fail itself. */
export async function faultyProxy(target: string): Promise<FaultyProxy> {
  let fault: Fault = 'none';
  let requests = 0;
  const server = createServer((asked, answer) => {
    requests += 1;
    const kind = fault === 'flaky' ? flakyTurn(requests) : fault;
    if (kind === 'html') answer.writeHead(200, { 'content-type': 'text/html' }).end('<html>Maintenance</html>');
    else if (kind === 'no-route') json(answer, 404, { statusCode: 404, message: 'Cannot POST /admin-api' });
    else if (kind === 'error') json(answer, 500, { message: 'Internal server error' });
    else if (kind === 'busy') answer.writeHead(429, { 'retry-after': '0' }).end();
    else if (kind === 'drop') asked.socket.destroy();
    else pass(asked, answer, target, kind === 'truncated');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests: () => requests,
    break: (how) => {
      fault = how;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Three of seven answers are faults, never two in a row. */
function flakyTurn(turn: number): 'error' | 'busy' | 'drop' | 'none' {
  return (['none', 'error', 'none', 'busy', 'none', 'drop', 'none'] as const)[turn % 7] ?? 'none';
}

function json(answer: ServerResponse, status: number, body: object): void {
  answer.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

function pass(asked: IncomingMessage, answer: ServerResponse, target: string, halved: boolean): void {
  const { method, url = '/', headers } = asked;
  const passed = request(new URL(url, target), { method, headers }, (reply) => {
    const pieces: Buffer[] = [];
    reply.on('data', (piece: Buffer) => pieces.push(piece));
    reply.on('end', () => {
      const whole = Buffer.concat(pieces);
      const body = halved ? whole.subarray(0, Math.floor(whole.length / 2)) : whole;
      answer.writeHead(reply.statusCode ?? 502, { ...reply.headers, 'content-length': body.length }).end(body);
    });
  });
  passed.on('error', () => answer.destroy());
  asked.pipe(passed);
}
