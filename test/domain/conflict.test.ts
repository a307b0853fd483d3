import { describe, expect, it } from 'vitest';
import {
  type Decided,
  editedFields,
  editedNow,
  type EditedParts,
  holdsFor,
  isAbout,
  keptFieldwise,
  kindOfHeld,
} from '../../src/domain/conflict.ts';
import { equalJson, type Json } from '../../src/domain/json.ts';

const PARTS = {
  core: { base: { name: 'A', price: 1 }, source: { name: 'B', price: 2 }, target: { name: 'C', price: 1 } },
  image: { base: { present: true }, source: null, target: { present: false } },
  related: { base: [1], source: [1, 2], target: [] },
} satisfies EditedParts;

const decided = (decision: 'source' | 'target', shown: object = PARTS): Decided => ({
  kind: 'edited',
  decision,
  by: 'ops',
  shown: shown as Json,
});

it('names the fields that differ between what was left and what is there', () => {
  expect(editedFields(PARTS)).toEqual([
    { field: 'name', base: 'A', source: 'B', target: 'C' },
    { field: 'image.present', base: true, source: null, target: false },
    { field: 'related', base: [1], source: [1, 2], target: [] },
  ]);
});

it('shows the newest state that was seen, part by part', () => {
  const bases = { core: { name: 'A', price: 1 }, related: [1], image: { present: true } };
  expect(editedNow(PARTS, null, bases)).toEqual(PARTS);
  const seen = { core: { price: 1, name: 'D' }, related: [1] };
  expect(editedNow(PARTS, seen, bases)).toEqual({ core: { ...PARTS.core, target: { price: 1, name: 'D' } } });
});

it('shows no field that was left out of a part because it belongs to the target', () => {
  const bases = { core: { name: 'A', price: 1, description: 'ours' } };
  const seen = { core: { name: 'C', price: 1, description: 'theirs' } };
  expect(editedNow(now('C'), seen, bases)).toEqual(now('C', 'B'));
  // Of the others nothing is left: there is nothing to decide any more.
  expect(editedNow(now('C'), { core: { ...seen.core, name: 'A' } }, bases)).toEqual({});
});

const now = (name: string, source = 'B'): EditedParts => ({
  core: { base: { name: 'A', price: 1 }, source: { name: source, price: 2 }, target: { name, price: 1 } },
});

describe('a decision holds', () => {
  it('for the values that were shown, also when some were taken back', () => {
    expect(holdsFor(decided('source'), PARTS)).toBe(true);
    expect(holdsFor(decided('source'), now('C'))).toBe(true);
    expect(holdsFor(decided('target'), now('C'))).toBe(true);
  });
  it('for no other value, and for no other field', () => {
    expect(holdsFor(decided('source'), now('D'))).toBe(false);
    expect(holdsFor(decided('source', now('C')), PARTS)).toBe(false);
  });
  it('for another meaning of ours only where the source was chosen', () => {
    expect(holdsFor(decided('source'), now('C', 'E'))).toBe(true);
    expect(holdsFor(decided('target'), now('C', 'E'))).toBe(false);
  });
  it('for its own kind, and for the record that it was about', () => {
    expect(holdsFor({ ...decided('source'), kind: 'collision' }, PARTS)).toBe(false);
    const gone: Decided = { kind: 'target_deleted', decision: 'source', by: 'ops', shown: { targetId: '7' } };
    expect(isAbout(gone, 'target_deleted', '7')).toBe(true);
    expect([isAbout(gone, 'target_deleted', '8'), isAbout(gone, 'collision', '7')]).toEqual([false, false]);
    expect(isAbout(null, 'collision', null)).toBe(false);
  });
});

it('keeps edited fields, and lets the others be sent', () => {
  const last = { name: 'A', price: 1 };
  const meant = { name: 'B', price: 2 };
  expect(keptFieldwise(last, meant, last, { name: 'C', price: 1 })).toEqual({ name: 'B', price: 1 });
  expect(keptFieldwise(last, meant, { ...last, url: '/a' }, { ...last, url: '/b' })).toBeNull();
  expect(keptFieldwise([1], [2], [1], [])).toBeNull();
});

it('knows which held changes are conflicts', () => {
  expect(['conflict', 'target_deleted', 'collision', 'mass delete', null].map(kindOfHeld)).toEqual([
    'edited',
    'target_deleted',
    'collision',
    null,
    null,
  ]);
});

it('compares JSON by value', () => {
  expect(equalJson({ a: [1, { b: null }], c: 'x' }, { c: 'x', a: [1, { b: null }] })).toBe(true);
  for (const [a, b] of [
    [[1], [1, 2]],
    [{ a: 1 }, { a: 1, b: null }],
    [{ a: null }, { b: null }],
    [[], {}],
    [null, {}],
    ['1', 1],
  ] as const)
    expect(equalJson(a, b)).toBe(false);
});
