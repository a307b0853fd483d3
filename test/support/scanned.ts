import type { ScannedKeys, Source } from '../../src/connectors/source.ts';
import type { MovedEntity } from '../../src/domain/record.ts';

/** All that a scan of an entity gives, in its order. */
export async function scanned(
  source: Pick<Source, 'scan'>,
  entity: MovedEntity,
  signal: AbortSignal = new AbortController().signal,
): Promise<readonly ScannedKeys[]> {
  const keys: ScannedKeys[] = [];
  for await (const page of source.scan(entity, signal)) keys.push(...page);
  return keys;
}
