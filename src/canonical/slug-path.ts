import { asciiLetter } from './transliteration.ts';

/** Comparison form N11 of a path: percent-decoded, one slash at each end, lower case. */
export function comparablePath(path: string): string {
  return framed(decodedSegments(path)).toLowerCase();
}

/**
 * The path as an address that the target takes (fidelity §12, bigcommerce-api §5): percent-decoded, in ASCII letters,
 * digits and `-._~`, one slash at each end, at most `max` characters. A segment in a script that has no Latin form
 * here becomes the numbers of its characters, so that it is neither empty nor shared.
 */
export function asciiPath(path: string, max = 255): string {
  const segments = decodedSegments(path).map(asciiSegment);
  return shortened(
    segments.filter((segment) => segment !== ''),
    max,
  );
}

/** The same address set apart from another of that name: `-<id>` after the last segment (fidelity §12), within `max`. */
export function pathWithSuffix(path: string, suffix: string, max = 255): string {
  const segments = path.split('/').filter((segment) => segment !== '');
  const last = segments.pop() ?? '';
  const room = max - framed([...segments, `-${suffix}`]).length;
  return framed([...segments, `${last.slice(0, Math.max(0, room)).replace(/-+$/, '')}-${suffix}`]);
}

/** Percent-decoding that leaves a stray `%` alone. */
export function percentDecoded(text: string): string {
  return text.replace(/(?:%[\da-f]{2})+/gi, (bytes) => {
    try {
      return decodeURIComponent(bytes);
    } catch {
      return bytes;
    }
  });
}

function decodedSegments(path: string): string[] {
  return percentDecoded(path)
    .normalize('NFC')
    .split('/')
    .filter((segment) => segment !== '');
}

function asciiSegment(segment: string): string {
  const ascii = Array.from(segment, asciiLetter)
    .join('')
    .replace(/-{2,}/g, '-')
    .replace(/^-+|-+$/g, '');
  if (ascii !== '') return ascii;
  return Array.from(segment, (letter) => (letter.codePointAt(0) ?? 0).toString(16)).join('-');
}

function shortened(segments: readonly string[], max: number): string {
  const whole = framed(segments);
  if (whole.length <= max) return whole;
  const last = segments.at(-1) ?? '';
  const before = segments.slice(0, -1);
  const room = max - framed([...before, 'x']).length + 1;
  // A path whose parents alone are too long keeps as many leading segments as fit.
  return room > 0
    ? framed([...before, last.slice(0, room).replace(/-+$/, '')])
    : shortened([...before.slice(0, -1), last], max);
}

function framed(segments: readonly string[]): string {
  return segments.length === 0 ? '/' : `/${segments.join('/')}/`;
}
