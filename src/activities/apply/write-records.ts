import type { CallOptions, PartSpec, WriteItem } from '../../connectors/target.ts';
import type { Json } from '../../domain/json.ts';
import { SECOND_PASS } from '../../ledger/queue/waits.ts';
import { chunks } from '../../domain/chunks.ts';
import { desiredHash } from './map-records.ts';
import { finished, settle } from './settle.ts';
import { type ApplyDeps, type BatchTarget, formerTargetOf, isSecondPass, open, type Work } from './work.ts';
import { nameHolders } from './key-holders.ts';
import { sendAll } from './send.ts';
import { takeOutcome } from './write-outcomes.ts';

/** Writes what differs from what we last meant, part by part, the core first; a record with nothing to write is unchanged. */
export async function writeRecords(
  deps: ApplyDeps,
  target: BatchTarget,
  works: readonly Work[],
  call: CallOptions,
): Promise<void> {
  for (const spec of target.entity.parts) {
    const creates = open(works).filter((work) => needsCreate(target, spec, work));
    const updates = open(works).filter((work) => needsUpdate(target, spec, work));
    await writePart(deps, target, spec, creates, 'create', call);
    await writePart(deps, target, spec, updates, 'update', call);
    await nameHolders(deps, target, [...creates, ...updates], call);
  }
  for (const work of open(works)) {
    finish(work, work.learnt.event ?? 'unchanged');
  }
}

/** Done, unless soft references are still to come: then the second pass waits for them (P9). */
function finish(work: Work, event: string): void {
  const progress = finished(work, event);
  const account = isSecondPass(work) ? null : event;
  if (work.softWaits.length === 0) return settle(work, { to: 'done' }, account, progress);
  settle(work, { to: 'waiting', on: work.softWaits, reason: SECOND_PASS }, account, progress);
}

const isCore = ({ entity }: BatchTarget, spec: PartSpec) => entity.parts[0]?.part === spec.part;

function needsCreate(target: BatchTarget, spec: PartSpec, work: Work): boolean {
  return isCore(target, spec) && target.entity.derivedFrom === null && work.record?.targetId == null;
}

function needsUpdate(target: BatchTarget, spec: PartSpec, work: Work): boolean {
  const desired = desiredOf(work, spec.part);
  if (desired === undefined || needsCreate(target, spec, work)) return false;
  if (work.record?.targetId == null && target.entity.derivedFrom === null) return false;
  const known = work.record?.parts.get(spec.part);
  if (known === undefined || work.overwrites || known.desiredHash !== desiredHash(desired)) return true;
  // Nobody's edit is looked for: what is asked for is set, whatever it is by now (stock, P10).
  if (work.claim.change.looksAtTarget && target.entity.foreignEdits === 'none') return true;
  // What could not be written (an image that cannot be fetched) is tried again when somebody asks for it.
  return known.state === 'open' && work.claim.change.looksAtTarget;
}

function desiredOf(work: Work, part: string): Json | undefined {
  return work.mapped?.parts.find((mapped) => mapped.part === part)?.desired;
}

async function writePart(
  deps: ApplyDeps,
  target: BatchTarget,
  spec: PartSpec,
  works: readonly Work[],
  action: 'create' | 'update',
  call: CallOptions,
): Promise<void> {
  const most = action === 'create' ? spec.createBatch : spec.updateBatch;
  const size = Math.min(most, deps.options.batchSize ?? most);
  const width = Math.min(spec.concurrency ?? deps.options.concurrency, deps.options.concurrency);
  const requests = chunks(action === 'create' ? alikeTogether(target, spec, works) : works, size).map((batch) => ({
    works: batch,
    items: batch.map((work) => itemFor(target, spec, work, action)),
  }));
  await sendAll(deps, target, { part: spec.part, requests, width }, call, (work, outcome) =>
    takeOutcome(work, spec.part, outcome),
  );
}

/** In the order of the claim, but those that may share a request side by side. */
function alikeTogether({ entity }: BatchTarget, spec: PartSpec, works: readonly Work[]): readonly Work[] {
  if (entity.together === undefined) return works;
  const groups = new Map<string, Work[]>();
  for (const work of works) {
    const key = entity.together(desiredOf(work, spec.part) ?? null);
    groups.set(key, [...(groups.get(key) ?? []), work]);
  }
  return [...groups.values()].flat();
}

function itemFor(target: BatchTarget, spec: PartSpec, work: Work, action: 'create' | 'update'): WriteItem {
  const known = work.record?.parts.get(spec.part);
  const desired = desiredOf(work, spec.part) ?? null;
  const bundled = action === 'create' ? spec.bundles : [];
  return {
    id: String(work.claim.id),
    ref: work.claim.ref,
    action,
    targetId: action === 'create' ? null : (target.entity.derivedId?.(desired) ?? work.record?.targetId ?? null),
    formerTargetId: action === 'create' ? formerTargetOf(target, work) : null,
    desired,
    bundle: Object.fromEntries(bundled.flatMap((part) => pair(part, desiredOf(work, part)))),
    lastDesired: work.overwrites || known?.state === 'open' ? null : (known?.desired ?? null),
    base: known?.base ?? null,
    children: [...(work.record?.children ?? []), ...work.learnt.children],
  };
}

function pair(part: string, desired: Json | undefined): [string, Json][] {
  return desired === undefined ? [] : [[part, desired]];
}
