import { createServer } from 'node:http';
import type { IncomingHttpHeaders, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished } from 'vitest';
import type { Row, TestShop } from './shop.ts';
import { openShop } from './shop.ts';

export interface Delivery {
  headers: IncomingHttpHeaders;
  body: string;
}

interface Receiver {
  url: string;
  got: Delivery[];
  /** With this status from now on; null keeps senders waiting for an answer. */
  answer: (status: number | null) => void;
  /** Answers those that wait, and all later ones, with 200. */
  release: () => void;
  /** Most requests that were open at once. */
  mostAtOnce: () => number;
}

/** A receiver on loopback that answers what it is told to. */
async function receiver(): Promise<Receiver> {
  const got: Delivery[] = [];
  let status: number | null = 200;
  let [open, most] = [0, 0];
  const held: ServerResponse[] = [];
  const server = createServer((request, response) => {
    open += 1;
    most = Math.max(most, open);
    response.once('close', () => (open -= 1));
    let body = '';
    request.on('data', (part: Buffer) => (body += part.toString()));
    request.on('end', () => {
      got.push({ headers: request.headers, body });
      if (status === null) held.push(response);
      else response.writeHead(status).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    return new Promise<void>((resolve) => void server.close(() => resolve()));
  });
  const { port } = server.address() as AddressInfo;
  const answer = (code: number | null): void => void (status = code);
  const release = (): void => {
    answer(200);
    for (const response of held.splice(0)) response.writeHead(200).end();
  };
  return { url: `http://127.0.0.1:${port}/hook`, got, answer, release, mostAtOnce: () => most };
}

/** A shop with one active webhook, whose ping has arrived. */
export async function hooked(topic: string): Promise<{ shop: TestShop; hook: string; to: Receiver }> {
  const to = await receiver();
  const shop = await openShop();
  const made = await shop.post('/webhooks', { topic, delivery_url: to.url, secret: 'shh' });
  expect(made.status).toBe(201);
  await expect.poll(() => to.got.map((one) => one.body)).toEqual([`webhook_id=${String(made.body['id'])}`]);
  expect(to.got.splice(0)[0]!.headers['x-wc-webhook-signature']).toBeUndefined();
  return { shop, hook: `/webhooks/${String(made.body['id'])}`, to };
}

export const cron = async (shop: TestShop): Promise<Row[]> =>
  (await shop.admin('POST', '/cron')).body['delivered'] as Row[];
