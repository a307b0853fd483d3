import { comparablePath, percentDecoded } from '../../../canonical/slug-path.ts';
import type { Entity } from '../../../domain/entity.ts';
import type { Json } from '../../../domain/json.ts';
import type { CanonicalRedirect } from '../../../domain/redirect.ts';
import type { WantedKey } from '../../../domain/unique-key.ts';
import type { Mapped, MapContext } from '../../target.ts';
import { createFindings, type Findings } from './findings.ts';

export const REDIRECT_PATH = 'redirect-path';
const MAX_URL = 2_048;

/** Redirects that follow their record wherever it is called later (fidelity §12). */
const TYPES: Partial<Record<Entity, string>> = {
  product: 'product',
  category: 'category',
  brand: 'brand',
  blog_post: 'post',
  page: 'page',
};

/** What a page of the target's own is put in place of (§12). */
const PLACES: readonly (readonly [RegExp, string])[] = [
  [/^\/search\.php/, 'tag-page-to-search'],
  [/^\/blog\/?$/, 'blog-archive-to-index'],
  [/^\/(cart\.php|checkout|account\.php)/, 'system-page-redirect'],
];

/** One redirect a path: the target compares paths without case and slashes at their ends. */
export function redirectKeys(
  sourceId: string,
  { fromPath }: CanonicalRedirect,
  { target }: Omit<MapContext, 'keys'>,
): readonly WantedKey[] {
  const path = comparablePath(fromPath);
  const alternatives = [path, `${path}#${sourceId}`];
  return [{ slot: 'from', kind: REDIRECT_PATH, scope: target.ids['site'] ?? '', alternatives, role: 'identity' }];
}

export function mapRedirect(sourceId: string, redirect: CanonicalRedirect, context: MapContext): Mapped {
  const findings = createFindings();
  const [wanted] = redirectKeys(sourceId, redirect, context);
  if (context.keys['from'] !== undefined && context.keys['from'] !== wanted?.alternatives[0]) {
    return skip('another redirect leads away from this address');
  }
  const to = destination(redirect, context, findings);
  if (to === null) return skip('the address is the same at the target');
  const core = {
    from_path: sendable(redirect.fromPath),
    site_id: Number(context.target.ids['site'] ?? 1),
    to,
  };
  const parts = [{ part: 'core', desired: core }];
  return { outcome: 'write', parts, adjustments: findings.adjustments, reports: findings.reports };
}

function skip(reason: string): Mapped {
  return { outcome: 'skip', reason, adjustments: [] };
}

/** null: it would lead to itself. */
function destination(
  { fromPath, to, because }: CanonicalRedirect,
  context: MapContext,
  findings: Findings,
): Json | null {
  if (because === 'gone') {
    const place = to.kind === 'path' ? to.path : `${to.entity} ${to.sourceId}`;
    findings.adjust('skipped-to-category', 'to', fromPath, place, 'what was there is not at the target');
  }
  if (to.kind === 'path') {
    if (sameAddress(to.path, fromPath)) return null;
    const key = PLACES.find(([place]) => place.test(to.path))?.[1];
    if (key !== undefined) findings.adjust(key, 'to', fromPath, to.path, 'the target has a page of its own for it');
    return { type: 'url', url: sendable(to.path).slice(0, MAX_URL) };
  }
  const type = TYPES[to.entity];
  const id = context.targetIdOf(to);
  if (type === undefined || id === null) {
    const url = to.entity === 'blog_post' ? '/blog/' : '/';
    const why = 'what it led to is not at the target';
    findings.adjust('skipped-to-category', 'to', `${to.entity} ${to.sourceId}`, url, why);
    return sameAddress(url, fromPath) ? null : { type: 'url', url };
  }
  const path = context.keysOf(to)['path'];
  if (path !== undefined && sameAddress(path, fromPath)) return null;
  return { type, entity_id: Number(id) };
}

function sameAddress(one: string, other: string): boolean {
  return comparablePath(one) === comparablePath(other);
}

/** As a browser asks for it. */
function sendable(path: string): string {
  return encodeURI(percentDecoded(path)).replaceAll('%25', '%');
}
