import { stableJson } from '../../src/canonical/stable-json.ts';
import type { MapContext, Mapped, Target, TargetEntity, WriteItem, WriteOutcome } from '../../src/connectors/target.ts';
import type { RecordRef } from '../../src/domain/entity.ts';
import { refKey } from '../../src/domain/entity.ts';
import type { Json } from '../../src/domain/json.ts';
import { DEFAULT_MAPPING } from '../../src/domain/mapping.ts';
import type { Canonical, MovedEntity } from '../../src/domain/record.ts';
import type { ChildPair } from '../../src/domain/target-state.ts';
import type { AssignedKeys } from '../../src/domain/unique-key.ts';
import { contextWith } from '../connectors/bigcommerce/forms.ts';

/** What a ledger would remember of one record, kept in memory; and the order of writing, as the engine has it. */
export interface Held {
  targetId: string | null;
  readonly parts: Map<string, { readonly desired: Json; readonly base: Json }>;
  children: ChildPair[];
  /** Parts that stay open, with the reason. */
  readonly open: Map<string, string>;
}

export const signal = new AbortController().signal;
export const call = { signal };

export class TargetDriver {
  readonly target: Target;
  private readonly held = new Map<string, Held>();
  private profile: Awaited<ReturnType<Target['check']>> | null = null;

  constructor(target: Target) {
    this.target = target;
  }

  async context(keys: AssignedKeys = {}): Promise<MapContext> {
    this.profile ??= await this.target.check(signal);
    const base = contextWith({ keys });
    return {
      ...base,
      mapping: DEFAULT_MAPPING,
      target: this.profile,
      targetIdOf: (ref) => this.heldOf(ref).targetId,
      childrenOf: (ref) => this.heldOf(ref).children,
      keysOf: () => ({}),
    };
  }

  heldOf(ref: RecordRef): Held {
    const known = this.held.get(refKey(ref));
    if (known !== undefined) return known;
    const fresh: Held = { targetId: null, parts: new Map(), children: [], open: new Map() };
    this.held.set(refKey(ref), fresh);
    return fresh;
  }

  forget(ref: RecordRef): void {
    this.held.delete(refKey(ref));
  }

  /** First wishes as keys, unless others are given. */
  async mapped<E extends MovedEntity>(
    entity: E,
    sourceId: string,
    canonical: Canonical<E>,
    keys?: AssignedKeys,
  ): Promise<Mapped> {
    const row = this.target.entity(entity);
    const open = await this.context();
    const wanted = row.wantedKeys(sourceId, canonical, open);
    const first = Object.fromEntries(wanted.map((key) => [key.slot, key.alternatives[0] ?? '']));
    return row.map(sourceId, canonical, await this.context({ ...first, ...keys }));
  }

  async parts<E extends MovedEntity>(entity: E, sourceId: string, canonical: Canonical<E>, keys?: AssignedKeys) {
    const mapped = await this.mapped(entity, sourceId, canonical, keys);
    if (mapped.outcome !== 'write') throw new Error(`${entity} ${sourceId} is not written: ${JSON.stringify(mapped)}`);
    return new Map(mapped.parts.map(({ part, desired }) => [part, desired]));
  }

  /** A create of the core as the engine would send it. */
  async createItem<E extends MovedEntity>(
    entity: E,
    sourceId: string,
    canonical: Canonical<E>,
    keys?: AssignedKeys,
  ): Promise<WriteItem> {
    const parts = await this.parts(entity, sourceId, canonical, keys);
    const spec = coreOf(this.target.entity(entity));
    const bundle = spec.bundles.flatMap((part): [string, Json][] => {
      const desired = parts.get(part);
      return desired === undefined ? [] : [[part, desired]];
    });
    return {
      id: sourceId,
      ref: { entity, sourceId },
      action: 'create',
      targetId: null,
      desired: parts.get(spec.part) ?? null,
      bundle: Object.fromEntries(bundle),
      lastDesired: null,
      base: null,
      children: [],
    };
  }

  /**
   * Brings one record to its form: the core, then every part that differs from what was meant last. Stops at the first outcome
   * that is not `written` and returns it; null when all is as meant.
   */
  async bring<E extends MovedEntity>(
    entity: E,
    sourceId: string,
    canonical: Canonical<E>,
    keys?: AssignedKeys,
  ): Promise<WriteOutcome | null> {
    const row = this.target.entity(entity);
    const ref = { entity, sourceId };
    const held = this.heldOf(ref);
    if (held.targetId === null && row.derivedFrom === null) {
      const outcome = await this.send(
        entity,
        coreOf(row).part,
        await this.createItem(entity, sourceId, canonical, keys),
      );
      if (outcome.outcome !== 'written') return outcome;
    }
    const parts = await this.parts(entity, sourceId, canonical, keys);
    for (const spec of row.parts) {
      const desired = parts.get(spec.part);
      const known = held.parts.get(spec.part);
      if (desired === undefined || (known !== undefined && stableJson(known.desired) === stableJson(desired))) continue;
      const outcome = await this.send(entity, spec.part, this.updateItem(row, ref, spec.part, desired));
      if (outcome.outcome !== 'written') return outcome;
    }
    return null;
  }

  updateItem(row: TargetEntity, ref: RecordRef, part: string, desired: Json): WriteItem {
    const held = this.heldOf(ref);
    const known = held.parts.get(part);
    return {
      id: ref.sourceId,
      ref,
      action: 'update',
      targetId: row.derivedId?.(desired) ?? held.targetId,
      desired,
      bundle: {},
      lastDesired: held.open.has(part) ? null : (known?.desired ?? null),
      base: known?.base ?? null,
      children: held.children,
    };
  }

  async send(entity: MovedEntity, part: string, item: WriteItem): Promise<WriteOutcome> {
    const [outcome] = await this.target.entity(entity).write(part, [item], call);
    if (outcome === undefined) throw new Error('no outcome for the item');
    this.take(part, item, outcome);
    return outcome;
  }

  take(part: string, item: WriteItem, outcome: WriteOutcome): void {
    if (outcome.outcome !== 'written') return;
    const held = this.heldOf(item.ref);
    held.targetId = outcome.targetId;
    const meant: Readonly<Record<string, Json>> = { ...item.bundle, [part]: item.desired };
    for (const [name, base] of Object.entries(outcome.bases)) {
      const desired = meant[name];
      if (desired !== undefined) held.parts.set(name, { desired, base });
      held.open.delete(name);
    }
    for (const { part: name, reason } of outcome.unsettled) held.open.set(name, reason);
    held.children = merged(held.children, outcome.children);
  }

  async remove(ref: RecordRef & { entity: MovedEntity }): Promise<WriteOutcome> {
    const held = this.heldOf(ref);
    const item: WriteItem = {
      id: ref.sourceId,
      ref,
      action: 'delete',
      targetId: held.targetId,
      desired: null,
      bundle: {},
      lastDesired: null,
      base: null,
      children: held.children,
    };
    const [outcome] = await this.target
      .entity(ref.entity)
      .write(coreOf(this.target.entity(ref.entity)).part, [item], call);
    if (outcome === undefined) throw new Error('no outcome for the delete');
    return outcome;
  }

  async present(ref: RecordRef & { entity: MovedEntity }) {
    const { targetId } = this.heldOf(ref);
    if (targetId === null) throw new Error(`${refKey(ref)} is not at the target`);
    const [state] = await this.target.entity(ref.entity).read([targetId], call);
    return state;
  }
}

export function coreOf(row: TargetEntity) {
  const [core] = row.parts;
  if (core === undefined) throw new Error(`${row.entity} has no core`);
  return core;
}

function merged(before: readonly ChildPair[], now: readonly ChildPair[]): ChildPair[] {
  const byPlace = new Map(before.map((child) => [`${child.kind} ${child.sourceId}`, child]));
  for (const child of now) {
    if (child.targetId === '') byPlace.delete(`${child.kind} ${child.sourceId}`);
    else byPlace.set(`${child.kind} ${child.sourceId}`, child);
  }
  return [...byPlace.values()];
}
