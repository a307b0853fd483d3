import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { assignKeys, type KeyClaim, type Reservation } from '../../src/domain/identity.ts';
import { normaliseKey, siblingScope } from '../../src/domain/unique-key.ts';

function claim(sourceId: string, name: string): KeyClaim {
  return {
    ref: { entity: 'product', sourceId },
    wanted: [
      {
        slot: 'name',
        kind: 'product-name',
        scope: '',
        alternatives: [name, `${name} (#${sourceId})`],
        role: 'identity',
      },
    ],
  };
}
function held(key: string, holder: string | null, extra: Partial<Reservation> = {}): Reservation {
  return {
    kind: 'product-name',
    scope: '',
    key: normaliseKey(key),
    value: key,
    holder: holder === null ? null : { entity: 'product', sourceId: holder, projectId: 1, slot: 'name' },
    wanted: normaliseKey(key),
    foreignTargetId: holder === null ? '900' : null,
    releasing: false,
    ...extra,
  };
}
const found = (key: string, sourceId: string) =>
  held(key, sourceId, { holder: { entity: 'product', sourceId, projectId: 1, slot: '' }, wanted: '' });
const names = (claims: readonly KeyClaim[], reservations: readonly Reservation[] = []) =>
  Object.fromEntries(assignKeys(1, claims, reservations).assignments.map((a) => [a.ref.sourceId, a.keys['name']]));

describe('unique keys', () => {
  it('stay with the record that had them at the target before, whoever asks first', () => {
    const plan = assignKeys(1, [claim('9', 'Tee'), claim('10', 'Tee')], [found('Tee', '10'), found('Tee (#9)', '9')]);
    expect(plan.assignments.map(({ keys }) => keys['name'])).toEqual(['Tee (#9)', 'Tee']);
    expect(plan.reserve).toMatchObject([
      { key: 'tee (#9)', wanted: 'tee', holder: { slot: 'name' } },
      { key: 'tee', wanted: 'tee', holder: { slot: 'name' } },
    ]);
    expect(plan.release).toEqual([]);
  });

  it('that a record had and no longer wants are given up', () => {
    const before = found('Old', '9');
    const plan = assignKeys(1, [claim('9', 'New')], [before]);
    expect(plan.reserve).toMatchObject([{ key: 'new' }]);
    expect(plan.release).toEqual([before]);
  });

  it('go to the lowest source id, by number and without regard to case', () => {
    expect(names([claim('10', 'Blue Tee'), claim('9', 'blue tee')])).toEqual({
      '9': 'blue tee',
      '10': 'Blue Tee (#10)',
    });
  });
  it('stay with their holder', () => {
    expect(names([claim('1', 'Tee')], [held('Tee', '5')])).toEqual({ '1': 'Tee (#1)' });
  });
  it('are remembered: the same wish gets the same key, in the letters of today', () => {
    expect(names([claim('5', 'TEE')], [held('Tee', '5')])).toEqual({ '5': 'TEE' });
    const alternative = held('Tee (#5)', '5', { wanted: 'tee' });
    expect(names([claim('5', 'Tee')], [alternative, held('Tee', '1')])).toEqual({ '5': 'Tee (#5)' });
    // Given up, but not yet committed.
    expect(names([claim('5', 'Tee')], [alternative, held('Tee', '1', { releasing: true })])).toEqual({
      '5': 'Tee (#5)',
    });
    const holder = assignKeys(1, [claim('5', 'Tee')], [alternative, held('Tee', '1')]).assignments[0]?.contested;
    expect(holder, 'a wish that was settled before is not fought for again').toEqual([]);
  });
  it('give way to the first wish as soon as that is free', () => {
    const alternative = held('Tee (#5)', '5', { wanted: 'tee' });
    const plan = assignKeys(1, [claim('5', 'Tee')], [alternative]);
    expect(plan.assignments[0]?.keys).toEqual({ name: 'Tee' });
    expect(plan.release).toEqual([alternative]);
    expect(
      names([claim('9', 'Tee'), claim('5', 'Tee')], [alternative, held('Tee (#9)', '9', { wanted: 'tee' })]),
    ).toEqual({
      '5': 'Tee',
      '9': 'Tee (#9)',
    });
  });
  it('of the target itself are collisions', () => {
    const plan = assignKeys(1, [claim('5', 'Tee')], [held('Tee', null)]);
    expect(plan.assignments[0]?.collisions).toMatchObject([{ slot: 'name', foreignTargetId: '900' }]);
  });
  it('that are not wanted any more are released', () => {
    expect(assignKeys(1, [claim('5', 'New')], [held('Old', '5')]).release.map((r) => r.key)).toEqual(['old']);
  });
  it('are never given twice', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.nat(40), { minLength: 1 }),
        fc.array(fc.constantFrom('a', 'A', 'b'), { minLength: 41, maxLength: 41 }),
        (ids, wishes) => {
          const given = Object.values(names(ids.map((id) => claim(String(id), wishes[id] ?? 'a')))).map((name) =>
            normaliseKey(name ?? ''),
          );
          expect(new Set(given).size).toBe(given.length);
        },
      ),
    );
  });
});

describe('where names of siblings are unique', () => {
  it('is named by the parent, which is known before anything is written', () => {
    expect(siblingScope('12', null)).toBe('below 12');
    expect(siblingScope(null, null)).toBe('0');
    expect(siblingScope(null, '7')).toBe('7');
  });
});
