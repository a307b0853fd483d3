import { stableJson } from '../../src/canonical/stable-json.ts';
import { StoreFailure } from '../../src/connectors/http/failures.ts';
import type { Fetched, Source, SourceProfile } from '../../src/connectors/source.ts';
import type {
  CallOptions,
  LookUpHit,
  Target,
  TargetEntity,
  TargetProfile,
  WriteItem,
  WriteOutcome,
} from '../../src/connectors/target.ts';
import type { CanonicalBrand } from '../../src/domain/brand.ts';
import type { RecordRef } from '../../src/domain/entity.ts';
import type { Json } from '../../src/domain/json.ts';
import type { SourceRecord } from '../../src/domain/record.ts';
import type { PresentState } from '../../src/domain/target-state.ts';

/** Two stores in memory with one entity (brands), as small as the interfaces allow, for interleavings. */

export interface ModelRow {
  readonly name: string;
  readonly text: string;
  readonly modifiedAt: string;
}

export const MODEL_SOURCE_PROFILE: SourceProfile = {
  platform: 'model',
  platformName: 'Model',
  skuPrefix: 'MO',
  name: 'model',
  url: 'http://model.example.test',
  version: '1',
  currency: 'USD',
  currencyDecimals: 2,
  lowStockAt: 2,
  weightUnit: 'kg',
  lengthUnit: 'cm',
  timeZone: 'UTC',
  pricesIncludeTax: false,
  taxClasses: [],
  clockSkewMs: 0,
};
export const MODEL_TARGET_PROFILE: TargetProfile = {
  platform: 'model',
  storeRef: 'model:1',
  name: 'model',
  url: 'http://model.example.test',
  currency: 'USD',
  weightUnit: 'kg',
  lengthUnit: 'cm',
  timeZone: 'UTC',
  pricesIncludeTax: false,
  taxClasses: [],
  ids: {},
  clockSkewMs: 0,
};

export class ModelSource {
  readonly rows = new Map<string, ModelRow>();
  /** Lists answer empty: a fault, or the mass-delete scare. */
  silent = false;

  record(id: string): SourceRecord | null {
    const row = this.rows.get(id);
    if (row === undefined) return null;
    const canonical: CanonicalBrand = {
      name: row.name,
      slug: row.name,
      path: null,
      description: row.text,
      image: null,
      meta: [],
    };
    return {
      entity: 'brand',
      sourceId: id,
      modifiedAt: row.modifiedAt,
      canonical,
      contentHash: stableJson(canonical),
      references: [],
      urls: [],
      reports: [],
    };
  }

  /** By the shop's own stamps, which follow its clock. @param sinceMs epoch milliseconds */
  changedSince(sinceMs: number): readonly SourceRecord[] {
    if (this.silent) return [];
    const ids = [...this.rows].filter(([, row]) => Date.parse(row.modifiedAt) >= sinceMs).map(([id]) => id);
    return ids.flatMap((id) => this.record(id) ?? []);
  }

  /** @param step asked before each look */
  asSource(step: (label: string) => Promise<void>): Source {
    return {
      platform: 'model',
      storeKey: 'src',
      entities: [{ entity: 'brand', brings: [], modifiedFilter: true, pageSize: 10 }],
      notOffered: [],
      check: async () => MODEL_SOURCE_PROFILE,
      survey: () => Promise.reject(new Error('the stories assess nothing')),
      count: async () => this.rows.size,
      scan: () => nothingListed(),
      readChanged: never,
      places: nothingListed,
      readByIds: async (_entity, ids) => {
        await step(`list ${ids.join(',')}`);
        const records = ids.flatMap((id) => this.record(id) ?? []);
        const found = new Set(records.map((record) => record.sourceId));
        const missing = ids
          .filter((id) => !found.has(id))
          .map((sourceId): RecordRef => ({ entity: 'brand', sourceId }));
        if (!this.silent) return { records, unreadable: [], missing };
        return {
          records: [],
          unreadable: [],
          missing: ids.map((sourceId): RecordRef => ({ entity: 'brand', sourceId })),
        };
      },
      fetchOne: async (ref): Promise<Fetched> => {
        await step(`fetch ${ref.sourceId}`);
        const record = this.record(ref.sourceId);
        return record === null ? { outcome: 'gone', ref } : { outcome: 'present', record, also: [] };
      },
    };
  }
}

async function* nothingListed() {
  yield [];
}

function never(): Promise<never> {
  return Promise.reject(new Error('the model is not read this way'));
}

export interface TargetRow {
  name: string;
  text: string;
  createdAt: string;
  modifiedAt: string;
  byMerchant: { at: number; shown: boolean } | null;
}
type Fate = 'done' | 'lost-done' | 'lost-late' | 'lost-never' | 'busy';

/** Unique names, lost replies, late commits, a merchant who edits by hand; remembers edits that were overwritten unseen. */
export class ModelTarget {
  readonly rows = new Map<string, TargetRow>();
  /** What was deleted, where that only puts away. */
  private readonly archived = new Map<string, TargetRow>();
  private readonly archives: boolean;
  readonly unseenOverwrites: string[] = [];
  private readonly late: { at: number; run: () => void }[] = [];
  private ids = 100;
  private readonly clock: () => number;
  private readonly fate: () => Fate;
  /** The longest that a write may commit after its reply was lost, milliseconds. */
  readonly lateLimitMs: number;
  private readonly windowMs: number;
  private readonly showing: boolean;

  constructor(options: {
    clock: () => number;
    fate: () => Fate;
    lateLimitMs: number;
    windowMs: number;
    showing: boolean;
    archives: boolean;
  }) {
    this.clock = options.clock;
    this.fate = options.fate;
    this.lateLimitMs = options.lateLimitMs;
    this.windowMs = options.windowMs;
    this.showing = options.showing;
    this.archives = options.archives;
  }

  /** Applies what commits late, once time has passed. */
  tick(): void {
    for (const item of this.late.filter((candidate) => candidate.at <= this.clock())) {
      this.late.splice(this.late.indexOf(item), 1);
      item.run();
    }
  }

  editByMerchant(id: string, text: string): void {
    const row = this.rows.get(id);
    if (row === undefined) return;
    Object.assign(row, { text, modifiedAt: this.iso(), byMerchant: { at: this.clock(), shown: false } });
  }
  createByMerchant(name: string): void {
    if (this.holderOf(name) !== undefined) return;
    const at = this.iso();
    this.rows.set(String(++this.ids), {
      name,
      text: 'merchant',
      createdAt: at,
      modifiedAt: at,
      byMerchant: { at: this.clock(), shown: false },
    });
  }
  holderOf(name: string): string | undefined {
    return [...this.rows].find(([, row]) => row.name.toLowerCase() === name.toLowerCase())?.[0];
  }
  private iso(): string {
    return new Date(this.clock()).toISOString();
  }

  private state(id: string): PresentState {
    const row = this.rows.get(id);
    if (row === undefined) throw new Error(`no row ${id}`);
    if (row.byMerchant !== null) row.byMerchant.shown = true;
    return {
      targetId: id,
      modifiedAt: row.modifiedAt,
      createdAt: row.createdAt,
      parts: { core: { name: row.name, text: row.text } },
      children: [],
    };
  }

  private commit(item: WriteItem): { id: string } | 'duplicate' | 'missing' {
    if (item.action === 'delete') {
      if (!this.rows.has(item.targetId ?? '')) return 'missing';
      this.noteOverwrite(item.targetId ?? '', 'deleted');
      this.putAway(item.targetId ?? '');
      return { id: item.targetId ?? '' };
    }
    const { name, text } = item.desired as { name: string; text: string };
    const holder = this.holderOf(name);
    if (holder !== undefined && holder !== item.targetId && holder !== item.formerTargetId) return 'duplicate';
    const former = item.formerTargetId ?? '';
    if (this.archived.has(former) || (this.archives && this.rows.has(former))) {
      const row = this.archived.get(former) ?? this.rows.get(former);
      this.archived.delete(former);
      this.noteOverwrite(former, text);
      this.rows.set(former, { createdAt: this.iso(), ...row, name, text, modifiedAt: this.iso(), byMerchant: null });
      return { id: former };
    }
    if (item.action === 'create') {
      const id = String(++this.ids);
      this.rows.set(id, { name, text, createdAt: this.iso(), modifiedAt: this.iso(), byMerchant: null });
      return { id };
    }
    const id = item.targetId ?? '';
    if (!this.rows.has(id)) return 'missing';
    this.noteOverwrite(id, text);
    Object.assign(this.rows.get(id) ?? {}, { name, text, modifiedAt: this.iso(), byMerchant: null });
    return { id };
  }

  private putAway(id: string): void {
    const row = this.rows.get(id);
    // An edit that went with its record was overtaken then.
    if (this.archives && row !== undefined) this.archived.set(id, { ...row, byMerchant: null });
    this.rows.delete(id);
  }

  private noteOverwrite(id: string, by: string): void {
    const edit = this.rows.get(id)?.byMerchant ?? null;
    if (edit === null) return;
    // An edit that nobody could see in time may be overtaken (P8); one that is older than that, or was shown, may not: but where
    // the target wins, one that was shown and kept may, by the source's next change.
    const isOld = this.clock() - edit.at > this.windowMs;
    if (this.showing ? edit.shown || isOld : isOld && !edit.shown) this.unseenOverwrites.push(`${id} by ${by}`);
  }

  asTarget(step: (label: string) => Promise<void>, now: () => number): Target {
    const entity = this.entity(step, now);
    return {
      platform: 'model',
      storeRef: 'model:1',
      entities: ['brand'],
      check: async () => MODEL_TARGET_PROFILE,
      survey: () => Promise.reject(new Error('the stories assess nothing')),
      understands: () => true,
      entity: () => entity as never,
    };
  }

  private entity(step: (label: string) => Promise<void>, now: () => number): TargetEntity<'brand'> {
    return {
      entity: 'brand',
      parts: [{ part: 'core', createBatch: 1, updateBatch: 1, deleteBatch: 1, bundles: [] }],
      foreignEdits: 'modified-since',
      derivedFrom: null,
      ...(this.archives ? { restores: true } : {}),
      wantedKeys: (sourceId, canonical) => [
        {
          slot: 'name',
          kind: 'brand-name',
          scope: '',
          alternatives: [canonical.name, `${canonical.name} (#${sourceId})`],
          role: 'cosmetic',
        },
      ],
      map: (_sourceId, canonical, context) => ({
        outcome: 'write',
        parts: [
          { part: 'core', desired: { name: context.keys['name'] ?? canonical.name, text: canonical.description } },
        ],
        adjustments: [],
        reports: [],
      }),
      agrees: (_part, desired, present) => stableJson(desired) === stableJson(present),
      write: async (_part, items, options) => {
        const outcomes: WriteOutcome[] = [];
        for (const item of items) outcomes.push(await this.write(item, options, step, now));
        return outcomes;
      },
      lookUp: async (items) => {
        await step('look up');
        return items.flatMap((item) => this.hit(item));
      },
      read: async (ids) => {
        await step('read');
        return ids.filter((id) => this.rows.has(id)).map((id) => this.state(id));
      },
      changedSince: async (since) => {
        await step('changed since');
        return [...this.rows].filter(([, row]) => row.modifiedAt >= since).map(([id]) => this.state(id));
      },
      scanExisting: async () => ({ records: [], next: null }),
    };
  }

  private hit(item: WriteItem): LookUpHit[] {
    const { name } = item.desired as { name: string };
    const isBack = this.archives && this.rows.has(item.formerTargetId ?? '');
    const id = isBack ? (item.formerTargetId ?? undefined) : this.holderOf(name);
    if (id === undefined) return [];
    const state = this.state(id);
    return [
      {
        id: item.id,
        state,
        marker: isBack ? `src:${item.ref.sourceId}` : null,
        agrees: true,
      },
    ];
  }

  private async write(
    item: WriteItem,
    options: CallOptions,
    step: (label: string) => Promise<void>,
    now: () => number,
  ): Promise<WriteOutcome> {
    const { id } = item;
    await step(`${item.action} ${item.ref.sourceId}`);
    // Looked at in the same breath as the request leaves, as the store client does.
    if (options.sendBefore !== undefined && now() >= options.sendBefore)
      throw new StoreFailure('unreachable', 'the lease is too short');
    const fate = this.fate();
    if (fate === 'busy') return { id, outcome: 'not-sent', retryAfterMs: 100, message: 'busy' };
    if (fate === 'lost-never') return { id, outcome: 'uncertain', message: 'lost' };
    if (fate === 'lost-late') {
      this.late.push({ at: this.clock() + this.lateLimitMs, run: () => void this.commit(item) });
      return { id, outcome: 'uncertain', message: 'lost' };
    }
    const result = this.commit(item);
    if (fate === 'lost-done') return { id, outcome: 'uncertain', message: 'lost' };
    await step(`reply to ${item.ref.sourceId}`);
    if (result === 'duplicate') return { id, outcome: 'duplicate', kind: 'brand-name', message: 'taken' };
    if (result === 'missing') return { id, outcome: 'missing' };
    const base: Json = item.desired;
    return {
      id,
      outcome: 'written',
      targetId: result.id,
      modifiedAt: this.rows.get(result.id)?.modifiedAt ?? null,
      bases: { core: base },
      children: [],
      unsettled: [],
    };
  }
}
