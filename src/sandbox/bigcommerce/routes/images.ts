import { ApiError } from '../errors.ts';
import { type Fields, textOf } from '../store/rows.ts';

const FETCH_TIMEOUT_MS = 5_000;
const LONGEST_URL = 255;

/** The store downloads pictures itself; one that cannot be had refuses the request with 400 (bigcommerce-api §3.5). */
export async function fetchImages(images: readonly Fields[], fetchThem: boolean): Promise<void> {
  for (const image of images) {
    const url = textOf(image['image_url']);
    if (url === '') continue;
    if (url.length > LONGEST_URL)
      throw new ApiError(422, 'The image url is too long.', { image_url: `at most ${LONGEST_URL} characters` });
    if (fetchThem) await fetchImage(url);
  }
}

async function fetchImage(url: string): Promise<void> {
  const refused = new ApiError(400, 'The image could not be downloaded.', { image_url: 'unreachable or not an image' });
  try {
    const reply = await fetch(url, { signal: AbortSignal.timeout(FETCH_TIMEOUT_MS) });
    const type = reply.headers.get('content-type') ?? '';
    await reply.arrayBuffer();
    if (!reply.ok || !type.startsWith('image/')) throw refused;
  } catch {
    throw refused;
  }
}
