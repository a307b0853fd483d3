import { asciiPath, comparablePath, pathWithSuffix } from '../../../canonical/slug-path.ts';
import type { WantedKey } from '../../../domain/unique-key.ts';
import type { MapContext } from '../../target.ts';
import type { Findings } from './findings.ts';

export type CustomUrl = {
  readonly url: string;
  readonly is_customized: true;
};

type UrlContext = Pick<MapContext, 'mapping' | 'sourceKey'>;

/** The source's own path, as an address that the target takes, and what to take when it is taken (fidelity §12). */
export function wantedPath(sourceId: string, path: string | null, context: UrlContext): readonly WantedKey[] {
  if (path === null || context.mapping.urls === 'native') return [];
  const kept = asciiPath(path);
  if (kept === '/') return [];
  return [
    {
      slot: 'path',
      kind: 'path',
      scope: '',
      alternatives: [kept, pathWithSuffix(kept, sourceId), pathWithSuffix(kept, `${sourceId}-${context.sourceKey}`)],
      role: 'cosmetic',
    },
  ];
}

/** null: the target makes an address of its own. */
export function customUrl(
  sourceId: string,
  path: string | null,
  context: Pick<MapContext, 'mapping' | 'sourceKey' | 'keys'>,
  findings: Findings,
): CustomUrl | null {
  const [wanted] = wantedPath(sourceId, path, context);
  if (wanted === undefined || path === null) return null;
  const url = context.keys['path'] ?? wanted.alternatives[0] ?? '/';
  if (comparablePath(url) !== comparablePath(path)) {
    findings.adjust(
      'url-changed',
      'path',
      path,
      url,
      'the old address is taken or not in Latin letters; it is redirected',
    );
  }
  return { url, is_customized: true };
}
