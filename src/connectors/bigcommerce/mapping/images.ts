import type { CanonicalImage } from '../../../domain/record.ts';
import type { Network } from '../../http/network-guard.ts';
import { checkedUrl } from '../../http/network-guard.ts';
import type { Findings } from './findings.ts';
import { wellFormed } from './well-formed.ts';

/** Whether the target may be told an address depends on where both stores stand. */
export type ImageRules = Pick<Network, 'allowPrivate'>;

const MAX_URL = 255;
const MAX_IMAGES = 1_000;

/** One image at the target; `key` is the source's id of it and not sent. */
export type WireImage = {
  readonly key: string;
  readonly image_url: string;
  readonly description: string;
  readonly sort_order: number;
  readonly is_thumbnail: boolean;
};

/** Whether the target can be given the address: short, in ASCII, on the public Internet (fidelity §4 images). */
export function isFetchable(url: string, rules: ImageRules): boolean {
  if (url.length > MAX_URL || !/^[\x21-\x7e]+$/.test(url)) return false;
  return isAllowed(url, rules);
}

function isAllowed(url: string, rules: ImageRules): boolean {
  try {
    checkedUrl(url, rules);
    return true;
  } catch {
    return false;
  }
}

/**
 * The gallery in order: what the target fetches itself, and what has to be uploaded because its address is too long or not
 * in ASCII. An address inside a private network is neither: nobody fetches it for us, and we do not either.
 */
export function productImages(
  images: readonly CanonicalImage[],
  rules: ImageRules,
  findings: Findings,
): { readonly fetched: readonly WireImage[]; readonly uploaded: readonly WireImage[] } {
  const distinct = [...new Map(images.map((image) => [image.key, image])).values()].slice(0, MAX_IMAGES);
  const fetched: WireImage[] = [];
  const uploaded: WireImage[] = [];
  let position = 0;
  for (const image of distinct) {
    if (!isAllowed(image.url, rules)) {
      findings.report('image-unreachable', `images.${image.key}`, image.url.slice(0, 200));
      continue;
    }
    const row = {
      key: image.key,
      image_url: image.url,
      description: wellFormed(image.alt),
      sort_order: position,
      is_thumbnail: position === 0,
    };
    (isFetchable(image.url, rules) ? fetched : uploaded).push(row);
    position += 1;
  }
  return { fetched, uploaded };
}
