import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { create } from 'axios';
import { checkedUrl, guardedLookup } from './network-guard.ts';
import type { Network } from './network-guard.ts';
import type { ReplyHeaders } from './retry-advice.ts';

export type Method = 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

export interface WireRequest {
  readonly method: Method;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Buffer | FormData;
}

export interface WireReply {
  readonly status: number;
  readonly headers: ReplyHeaders;
  readonly bytes: Buffer;
}

/** Our own clock ran out; whether the store did the work is unknown. */
export class TimedOut extends Error {
  override readonly name = 'TimedOut';
}

export interface Transport {
  /** Sends once, follows nothing, accepts every status. Throws axios's errors, `TimedOut`, or the signal's reason. */
  send(request: WireRequest, timeoutMs: number, signal: AbortSignal): Promise<WireReply>;
  close(): void;
}

/** Replies beyond this are a fault: a page of 100 full records is some hundred kilobytes. */
const MAX_REPLY_BYTES = 50 * 1024 * 1024;

export function createTransport(options: { network: Network; concurrency: number }): Transport {
  const { network, concurrency } = options;
  const agentOptions = { keepAlive: true, maxSockets: concurrency, lookup: guardedLookup(network) };
  const httpAgent = new HttpAgent(agentOptions);
  const httpsAgent = new HttpsAgent(network.ca === undefined ? agentOptions : { ...agentOptions, ca: network.ca });
  const client = create({
    httpAgent,
    httpsAgent,
    // A proxy would resolve names behind the guard's back.
    proxy: false,
    maxRedirects: 0,
    responseType: 'arraybuffer',
    maxContentLength: MAX_REPLY_BYTES,
    maxBodyLength: MAX_REPLY_BYTES,
    validateStatus: () => true,
    transformRequest: [(data: unknown) => data],
    transformResponse: [(data: unknown) => data],
  });

  return {
    async send(request, timeoutMs, signal) {
      checkedUrl(request.url, network);
      signal.throwIfAborted();
      const stop = new AbortController();
      const onAbort = (): void => stop.abort();
      signal.addEventListener('abort', onAbort, { once: true });
      let timedOut = false;
      const timer = setTimeout(() => {
        timedOut = true;
        stop.abort();
      }, timeoutMs);
      try {
        const { method, url, headers, body } = request;
        const reply = await client.request<Buffer>({ method, url, headers, data: body, signal: stop.signal });
        return { status: reply.status, headers: plainHeaders(reply.headers), bytes: Buffer.from(reply.data ?? '') };
      } catch (error) {
        if (timedOut) throw new TimedOut(`no reply within ${timeoutMs} ms`);
        throw error;
      } finally {
        clearTimeout(timer);
        signal.removeEventListener('abort', onAbort);
      }
    },
    close() {
      httpAgent.destroy();
      httpsAgent.destroy();
    },
  };
}

function plainHeaders(headers: object): ReplyHeaders {
  const plain: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined && value !== null) plain[name.toLowerCase()] = String(value);
  }
  return plain;
}
