import { createHash } from 'node:crypto';

/** The picture service is asked by a hash of the lower-cased address (recording "create customer"). */
export function avatarUrl(email: string, size: number): string {
  const hash = createHash('sha256').update(email.trim().toLowerCase()).digest('hex');
  return `https://secure.gravatar.com/avatar/${hash}?s=${size}&d=mm&r=g`;
}

export function avatarUrls(email: string): Record<string, string> {
  return Object.fromEntries([24, 48, 96].map((size) => [String(size), avatarUrl(email, size)]));
}
