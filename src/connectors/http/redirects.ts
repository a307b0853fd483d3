import { StoreFailure } from './failures.ts';
import type { Transport, WireReply, WireRequest } from './transport.ts';

const MAX_HOPS = 3;
const REDIRECTS = new Set([301, 302, 303, 307, 308]);

/**
 * Sends a request and follows at most three redirects of a read, each hop under the network guard. Credentials go to the
 * host they were given for and never from https to http; a write is not followed at all.
 */
export async function sendFollowing(
  transport: Transport,
  request: WireRequest,
  how: { sign: (request: WireRequest) => WireRequest; write: boolean; timeoutMs: number; signal: AbortSignal },
): Promise<WireReply> {
  const home = new URL(request.url);
  let here = home;
  for (let hop = 0; ; hop++) {
    const plain = { ...request, url: here.toString() };
    const trusted =
      here.host === home.host ? here.protocol === home.protocol || isUpgrade(home, here) : isUpgrade(home, here);
    const reply = await transport.send(trusted ? how.sign(plain) : plain, how.timeoutMs, how.signal);
    const location = reply.headers['location'];
    const goesOn = REDIRECTS.has(reply.status) && location !== undefined && !how.write && hop < MAX_HOPS;
    if (!goesOn) {
      if (!trusted && reply.status >= 400) {
        const message = `${home.host} redirects to ${here.host}, which refused: use that address as the store's own`;
        throw new StoreFailure('unintelligible', message, { status: reply.status });
      }
      return reply;
    }
    if (!URL.canParse(location, here.href)) return reply;
    here = new URL(location, here);
  }
}

/** The same host name on https instead of http, each on its usual port. */
function isUpgrade(from: URL, to: URL): boolean {
  return (
    from.hostname === to.hostname &&
    from.protocol === 'http:' &&
    to.protocol === 'https:' &&
    from.port === '' &&
    to.port === ''
  );
}
