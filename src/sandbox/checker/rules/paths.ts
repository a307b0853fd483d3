import { literal } from './normalise.ts';

// Addresses: N11 and fidelity §12, policy "keep".

/** N11: percent-decoded, one slash at each end, without case. */
export function pathForm(path: string): string {
  return `/${percentDecoded(path)
    .toLowerCase()
    .replace(/^\/+|\/+$/g, '')}/`.replace(/^\/\/$/, '/');
}

function percentDecoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

/** Path of a public address; null for drafts, whose link is only a query (fidelity §1 T22). */
export function publicPath(link: string): string | null {
  if (!URL.canParse(link)) return null;
  const { pathname, search } = new URL(link);
  return pathname === '/' && search !== '' ? null : pathForm(pathname);
}

export function isAscii(text: string): boolean {
  return !/[^\u0020-\u007e]/.test(text);
}

/** What is not ASCII, with the hyphens at its ends, which may go with it; or what is. */
const OTHER_RUN = /-*[^\u0020-\u007e](?:-*[^\u0020-\u007e])*-*|[\u0020-\u007e]+?(?=-*[^\u0020-\u007e]|$)/g;

const LONGEST = 255;

/** What a target path must look like. */
export interface PathForm {
  shown: string;
  fits: (path: string) => boolean;
}

export function exactPath(path: string): PathForm {
  return { shown: path, fits: (actual) => pathForm(actual) === path };
}

/**
 * Transliteration to ASCII has no table in the rulebook: what is ASCII already must stay where it is, anything may
 * stand for the rest, and a clash may add `-<id>`. A path that is too long keeps its beginning.
 */
export function loosePath(path: string, id: number): PathForm {
  if (path.length > LONGEST) {
    return { shown: path, fits: (actual) => fitsStore(actual) && pathForm(actual).startsWith(path.slice(0, 100)) };
  }
  const body = path.slice(1, -1).replace(OTHER_RUN, (run) => (isAscii(run) ? literal(run) : '[a-z0-9_-]*'));
  const pattern = new RegExp(`^/${body}(?:-?${id})?/$`);
  return { shown: path, fits: (actual) => fitsStore(actual) && pattern.test(pathForm(actual)) };
}

/** Latin letters, at most 255 (bigcommerce-api §3.3). */
function fitsStore(path: string): boolean {
  return isAscii(path) && path.length <= LONGEST;
}

export function suffixed(path: string, suffix: string): string {
  return `${path.replace(/\/$/, '')}${suffix}/`;
}
