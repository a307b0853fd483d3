import type { TargetRecord } from './raw/target-store.ts';

/** Who of the target is whom of the source, by raw keys alone. */
export interface Pairing {
  /** By source id. */
  pairs: Map<number, TargetRecord>;
  /** Second and further records of one source record. */
  doubled: { sourceId: number; record: TargetRecord }[];
  /** Records that carry our marker for something that is not to be carried (any more). */
  leftOver: { sourceId: number; record: TargetRecord }[];
  /** Records without a marker that are nobody's. */
  foreign: TargetRecord[];
}

/** Raw keys of a record, strongest first; a key starts with its kind, so that a name never meets a SKU. */
export type RawKeys = readonly string[];

/**
 * Pairs by marker first, then what has no marker by its keys. A record without a marker whose key belongs to a pair
 * that has it too is a double; where the pair has another value it is somebody else's, who held the key before us.
 */
export function pairRecords(
  records: readonly TargetRecord[],
  wanted: ReadonlyMap<number, RawKeys>,
  keysOf: (record: TargetRecord) => RawKeys,
): Pairing {
  const pairing: Pairing = { pairs: new Map(), doubled: [], leftOver: [], foreign: [] };
  for (const record of records) {
    if (record.sourceId === null) continue;
    const sourceId = record.sourceId;
    if (!wanted.has(sourceId)) pairing.leftOver.push({ sourceId, record });
    else if (pairing.pairs.has(sourceId)) pairing.doubled.push({ sourceId, record });
    else pairing.pairs.set(sourceId, record);
  }
  const holders = byKey(wanted);
  for (const record of records) {
    if (record.sourceId === null) pairByKeys(record, keysOf, holders, pairing);
  }
  return pairing;
}

function pairByKeys(
  record: TargetRecord,
  keysOf: (record: TargetRecord) => RawKeys,
  holders: ReadonlyMap<string, number[]>,
  { pairs, doubled, foreign }: Pairing,
): void {
  for (const key of keysOf(record)) {
    for (const sourceId of holders.get(key) ?? []) {
      const pair = pairs.get(sourceId);
      if (!pair) {
        pairs.set(sourceId, record);
        return;
      }
      if (keysOf(pair).includes(key)) {
        doubled.push({ sourceId, record });
        return;
      }
    }
  }
  foreign.push(record);
}

function byKey(wanted: ReadonlyMap<number, RawKeys>): Map<string, number[]> {
  const holders = new Map<string, number[]>();
  for (const [sourceId, keys] of wanted) {
    for (const key of keys) {
      const group = holders.get(key);
      if (group) group.push(sourceId);
      else holders.set(key, [sourceId]);
    }
  }
  return holders;
}
