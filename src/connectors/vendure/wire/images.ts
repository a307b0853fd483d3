import type { z } from 'zod';
import type { CanonicalImage } from '../../../domain/record.ts';
import { tidyText } from '../../../canonical/plain-text.ts';
import type { asset } from './fields.ts';

export const ASSET_FIELDS = 'id name type source';

type WireAsset = z.output<typeof asset>;

/** Name of a file, not words about a picture. */
const FILE_NAME = /\.[a-z0-9]{2,5}$/i;

/** The original file, whose address may be given from the server's root; null for what is no picture. */
export function canonicalImage(wire: WireAsset, serverUrl: string): CanonicalImage | null {
  if (wire.type !== 'IMAGE' || wire.source === '' || !URL.canParse(wire.source, `${serverUrl}/`)) return null;
  const alt = tidyText(wire.name);
  return {
    key: wire.id,
    url: new URL(wire.source, `${serverUrl}/`).toString(),
    alt: FILE_NAME.test(alt) ? '' : alt,
  };
}

/** In the shop's order, the featured one first; the same asset twice is one picture. */
export function canonicalImages(
  featured: WireAsset | null,
  assets: readonly WireAsset[],
  serverUrl: string,
): CanonicalImage[] {
  const byKey = new Map<string, CanonicalImage>();
  for (const wire of featured === null ? assets : [featured, ...assets]) {
    const image = canonicalImage(wire, serverUrl);
    if (image !== null && !byKey.has(image.key)) byKey.set(image.key, image);
  }
  return [...byKey.values()];
}
