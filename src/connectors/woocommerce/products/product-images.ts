import { tidyText } from '../../../canonical/plain-text.ts';
import type { CanonicalImage } from '../../../domain/record.ts';

interface WireImage {
  readonly id: string;
  readonly src: string;
  readonly alt: string;
}

/** WooCommerce's own stand-in for "no image", in any of its sizes and formats. */
const PLACEHOLDER = /\/woocommerce-placeholder(-\d+x\d+|-scaled)?\.\w+$/i;

export function canonicalImage(image: WireImage): CanonicalImage | null {
  const url = image.src.trim();
  if (url === '' || PLACEHOLDER.test(url.split('?')[0] ?? '')) return null;
  return { key: image.id === '' ? url : image.id, url, alt: tidyText(image.alt) };
}

/** In the shop's order; the same attachment twice is one image (fidelity §4). */
export function canonicalImages(images: readonly WireImage[]): CanonicalImage[] {
  const byKey = new Map<string, CanonicalImage>();
  for (const image of images.map(canonicalImage)) {
    if (image !== null && !byKey.has(image.key)) byKey.set(image.key, image);
  }
  return [...byKey.values()];
}
