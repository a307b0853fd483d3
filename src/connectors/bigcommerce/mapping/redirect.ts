import { comparablePath, percentDecoded } from '../../../canonical/slug-path.ts';
import type { Entity } from '../../../domain/entity.ts';
import type { Json } from '../../../domain/json.ts';
import type { CanonicalRedirect, StorePage } from '../../../domain/redirect.ts';
import type { WantedKey } from '../../../domain/unique-key.ts';
import type { Mapped, MapContext } from '../../target.ts';
import { createFindings, type Findings } from './findings.ts';

export const REDIRECT_PATH = 'redirect-path';
/** An address has 2,048 characters at most, and a character of another script takes nine or twelve. */
const MAX_WORDS = 150;

/** Redirects that follow their record wherever it is called later (fidelity §12). */
const TYPES: Partial<Record<Entity, string>> = {
  product: 'product',
  category: 'category',
  brand: 'brand',
  blog_post: 'post',
  page: 'page',
};

/** Pages of the target's own, and under which key something is led to them (§12). */
const PAGES: Record<Exclude<StorePage['page'], 'search'>, readonly [url: string, key: string]> = {
  front: ['/', 'system-page-redirect'],
  cart: ['/cart.php', 'system-page-redirect'],
  checkout: ['/checkout', 'system-page-redirect'],
  account: ['/account.php', 'system-page-redirect'],
  blog: ['/blog/', 'blog-archive-to-index'],
};
const SEARCHES = { tag: 'tag-page-to-search', attribute: 'attribute-page-to-search' };

function pageAtTarget(page: StorePage): readonly [url: string, key: string] {
  if (page.page !== 'search') return PAGES[page.page];
  const words = page.words.slice(0, MAX_WORDS).replaceAll(/\p{Surrogate}/gu, '');
  return [`/search.php?search_query=${encodeURIComponent(words)}`, SEARCHES[page.of]];
}

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
    const place = to.kind === 'page' ? pageAtTarget(to.page)[0] : `${to.entity} ${to.sourceId}`;
    findings.adjust('skipped-to-category', 'to', fromPath, place, 'what was there is not at the target');
  }
  if (to.kind === 'page') {
    const [url, key] = pageAtTarget(to.page);
    if (sameAddress(url, fromPath)) return null;
    if (because === 'moved') findings.adjust(key, 'to', fromPath, url, 'the target has a page of its own for it');
    return { type: 'url', url };
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
