import { lookup as dnsLookup } from 'node:dns';
import type { LookupAddress, LookupAllOptions } from 'node:dns';
import { lookup as resolveHost } from 'node:dns/promises';
import { isIP } from 'node:net';
import type { LookupFunction } from 'node:net';
import ipaddr from 'ipaddr.js';
import { StoreFailure } from './failures.ts';

/** `allowPrivate` is true only for stores on one's own machine; `ca` adds a certificate authority in PEM form. */
export interface Network {
  readonly allowPrivate: boolean;
  readonly ca?: string;
}

/** Azure's host channel: a public range by the registries, but only reachable from inside a machine of theirs. */
const HOST_CHANNELS = new Set(['168.63.129.16']);

/**
 * Whether an address belongs to the public Internet. Loopback, private, link-local (cloud metadata lives there),
 * carrier-grade NAT, multicast and reserved ranges do not; IPv4 inside IPv6 is judged by the IPv4 part.
 */
export function isPublicAddress(address: string): boolean {
  const bare = address.replace(/^\[|\]$/g, '').split('%')[0] ?? '';
  if (!ipaddr.isValid(bare)) return false;
  const parsed = ipaddr.process(bare);
  if (HOST_CHANNELS.has(parsed.toString())) return false;
  if (parsed.kind() === 'ipv6' && parsed.range() === 'rfc6052') {
    return isPublicAddress(parsed.toByteArray().slice(12).join('.'));
  }
  return parsed.range() === 'unicast';
}

/**
 * The URL, parsed, when its form allows a request: http(s), no user name or password inside, and no address literal of
 * a private network unless allowed. A host name is judged later, when it is resolved (`guardedLookup`).
 */
export function checkedUrl(url: string, network: Network): URL {
  if (!URL.canParse(url)) throw refused('The address is not a valid URL');
  const parsed = new URL(url);
  if (parsed.protocol !== 'http:' && parsed.protocol !== 'https:') {
    throw refused(`Only http and https addresses are allowed, not ${parsed.protocol.slice(0, -1)}`);
  }
  if (parsed.username !== '' || parsed.password !== '') throw refused('The address must not hold a user or password');
  const host = bareHost(parsed);
  if (!network.allowPrivate && (isIP(host) === 0 ? isLocalName(host) : !isPublicAddress(host))) {
    throw refused(`${host} is not a public address`);
  }
  return parsed;
}

/** `checkedUrl`, and every address that the host name resolves to is public. For addresses that others will fetch. */
export async function assertPublicUrl(url: string, network: Network): Promise<void> {
  const host = bareHost(checkedUrl(url, network));
  if (network.allowPrivate || isIP(host) !== 0) return;
  const addresses = await resolveHost(host, { all: true }).catch((cause: unknown) => {
    throw new StoreFailure('unreachable', `${host} has no address`, { cause });
  });
  assertAllPublic(host, addresses);
}

/**
 * A DNS look-up for the agents: the address that is connected to is the one that was judged, so a name that resolves
 * differently a second later (DNS rebinding) gains nothing.
 */
export function guardedLookup(network: Network): LookupFunction {
  return (hostname, options, callback) => {
    const all: LookupAllOptions = { ...options, all: true };
    dnsLookup(hostname, all, (error, addresses) => {
      if (error !== null) return callback(error, []);
      try {
        if (!network.allowPrivate) assertAllPublic(hostname, addresses);
      } catch (refusal) {
        return callback(refusal as NodeJS.ErrnoException, []);
      }
      if (options.all === true) return callback(null, addresses);
      const [first] = addresses;
      return first === undefined ? callback(null, []) : callback(null, first.address, first.family);
    });
  };
}

/** One private address among public ones refuses the name: which one is dialled is not ours to choose. */
function assertAllPublic(host: string, addresses: readonly LookupAddress[]): void {
  const inside = addresses.find(({ address }) => !isPublicAddress(address));
  if (inside !== undefined) throw refused(`${host} points to ${inside.address}, which is not a public address`);
}

function bareHost(url: URL): string {
  return url.hostname.replace(/^\[|\]$/g, '').toLowerCase();
}

function isLocalName(host: string): boolean {
  return host === 'localhost' || host.endsWith('.localhost');
}

function refused(why: string): StoreFailure {
  return new StoreFailure('address-refused', why);
}
