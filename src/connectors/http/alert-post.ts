import { createHmac } from 'node:crypto';
import { failureOfTransport } from './failure-mapping.ts';
import type { Network } from './network-guard.ts';
import { createTransport } from './transport.ts';

export interface AlertPost {
  readonly url: string;
  /** The same for every attempt: whoever gets it twice knows it by this. */
  readonly id: string;
  readonly event: string;
  readonly body: string;
  readonly secret: string;
}

const AT_ONCE = 4;

/** Hex HMAC-SHA256 over `<timestamp>.<body>`, by which the receiver knows that an alert is ours and how old it is. */
function signatureOf(secret: string, timestamp: string, body: string): string {
  return createHmac('sha256', secret).update(`${timestamp}.${body}`).digest('hex');
}

/** Sends alerts to addresses that people gave: guarded as stores are, no redirect is followed. */
export function createAlertPoster(network: Network, timeoutMs: number) {
  const transport = createTransport({ network, concurrency: AT_ONCE });
  return {
    /** Null: the receiver took it (2xx). Else why not, in words that hold nothing secret. */
    async post({ url, id, event, body, secret }: AlertPost, signal: AbortSignal): Promise<string | null> {
      const timestamp = String(Math.floor(Date.now() / 1_000));
      const headers = {
        'content-type': 'application/json',
        'user-agent': 'storeferry',
        'storeferry-delivery': id,
        'storeferry-event': event,
        'storeferry-timestamp': timestamp,
        'storeferry-signature': `sha256=${signatureOf(secret, timestamp, body)}`,
      };
      try {
        const { status } = await transport.send({ method: 'POST', url, headers, body }, timeoutMs, signal);
        return status >= 200 && status < 300 ? null : `the receiver answered ${status}`;
      } catch (error) {
        if (signal.aborted) throw error;
        return failureOfTransport({ what: 'POST of an alert', write: true }, error).message.replace(
          'the store',
          'the receiver',
        );
      }
    },
    close: () => transport.close(),
  };
}
export type AlertPoster = ReturnType<typeof createAlertPoster>;
