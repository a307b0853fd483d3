import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  afterEvent,
  allowedCommands,
  groundPhase,
  isAllowed,
  PHASES,
  RUN_KINDS,
  runKindsAllowed,
} from '../../src/domain/phases.ts';
import type { Phase, PhaseEvent, RunKind, Standing } from '../../src/domain/phases.ts';

const standing = (given: Partial<Standing> = {}): Standing => ({
  phase: 'draft',
  before: null,
  paused: false,
  running: null,
  ...given,
});

function follow(start: Standing, ...events: (PhaseEvent | [PhaseEvent, RunKind])[]): Phase[] {
  const phases: Phase[] = [];
  let at = start;
  for (const event of events) {
    const next = typeof event === 'string' ? afterEvent(at, event) : afterEvent(at, ...event);
    if (next === null) throw new Error(`${String(event)} has no place in ${at.phase}`);
    at = next;
    phases.push(at.phase);
  }
  return phases;
}

describe('the way of a project', () => {
  it('goes from draft to completed', () => {
    const way = follow(
      standing(),
      'assessed',
      ['runStarted', 'full'],
      'runCompleted',
      'verificationPassed',
      'cutoverStarted',
      'opened',
      'completed',
    );
    expect(way).toEqual(['assessed', 'copying', 'syncing', 'verified', 'cutting_over', 'live', 'completed']);
  });

  it('goes back to syncing by an abort, a rollback and a lapsed verification', () => {
    expect(follow(standing({ phase: 'cutting_over' }), 'cutoverAborted')).toEqual(['syncing']);
    expect(follow(standing({ phase: 'live' }), 'rollbackStarted', 'rollbackFinished')).toEqual([
      'rolled_back',
      'syncing',
    ]);
    expect(follow(standing({ phase: 'verified' }), 'verificationLapsed')).toEqual(['syncing']);
  });

  it.each([
    ['draft', 'runFailed', 'failed'],
    ['syncing', 'runFailed', 'failed'],
    ['syncing', 'runCancelled', 'cancelled'],
  ] as const)('remembers %s when a run ends by %s', (before, event, phase) => {
    const started = afterEvent(standing({ phase: before }), 'runStarted', 'full');
    const ended = started && afterEvent(started, event);
    expect(ended).toEqual({ phase, before, paused: false, running: null });
    expect(ended && groundPhase(ended)).toBe(before);
    expect(ended && runKindsAllowed(ended)).toEqual(runKindsAllowed(standing({ phase: before })));
  });

  it('remembers the phase before the first of several failures', () => {
    let at: Standing | null = standing({ phase: 'syncing' });
    for (const event of ['runStarted', 'runFailed', 'runStarted', 'runCancelled', 'runStarted', 'runFailed'] as const) {
      at = at && afterEvent(at, event, 'full');
    }
    expect(at).toMatchObject({ phase: 'failed', before: 'syncing' });
  });

  it('makes no baseline of a demo, and leaves syncing where it is during a recent run', () => {
    expect(follow(standing(), ['runStarted', 'demo'], 'runCompleted')).toEqual(['copying', 'draft']);
    expect(follow(standing({ phase: 'syncing' }), ['runStarted', 'recent'], 'runCompleted')).toEqual([
      'syncing',
      'syncing',
    ]);
  });

  it('knows no place for events out of their order', () => {
    expect(afterEvent(standing(), 'cutoverStarted')).toBeNull();
    expect(afterEvent(standing(), 'runCompleted')).toBeNull();
    expect(afterEvent(standing(), 'runStarted')).toBeNull();
    expect(afterEvent(standing({ phase: 'copying', running: 'full' }), 'runStarted', 'full')).toBeNull();
    expect(afterEvent(standing({ phase: 'live' }), 'runStarted', 'full')).toBeNull();
    expect(afterEvent(standing(), 'runStarted', 'recent')).toBeNull();
  });
});

describe('the commands of a phase', () => {
  it.each([
    [standing(), ['startRun', 'pause', 'setRate']],
    [standing({ phase: 'copying', running: 'full', before: 'draft' }), ['pause', 'cancel', 'setRate']],
    [standing({ phase: 'copying', running: 'full', before: 'draft', paused: true }), ['resume', 'cancel', 'setRate']],
    [standing({ phase: 'syncing' }), ['startRun', 'pause', 'setRate']],
    [standing({ phase: 'syncing', running: 'recent' }), ['pause', 'cancel', 'setRate']],
    [standing({ phase: 'failed', before: 'draft' }), ['startRun', 'pause', 'setRate']],
    [standing({ phase: 'cancelled', before: 'syncing', paused: true }), ['resume', 'setRate']],
    [standing({ phase: 'cutting_over' }), ['setRate']],
    [standing({ phase: 'completed' }), []],
  ])('of %j are %j', (given, allowed) => {
    expect(allowedCommands(given)).toEqual(allowed);
  });

  it('count a repeated pause and resume as allowed (P14)', () => {
    expect(isAllowed(standing({ paused: true }), 'pause')).toBe(true);
    expect(isAllowed(standing(), 'resume')).toBe(true);
    expect(isAllowed(standing({ phase: 'cutting_over' }), 'pause')).toBe(false);
  });

  it('offer recent runs only with a baseline', () => {
    expect(runKindsAllowed(standing())).toEqual(['full', 'demo']);
    expect(runKindsAllowed(standing({ phase: 'failed', before: 'syncing' }))).toEqual([...RUN_KINDS]);
  });
});

describe('whatever happens', () => {
  const EVENTS: PhaseEvent[] = [
    ...(['assessed', 'runStarted', 'runCompleted', 'runFailed', 'runCancelled', 'verificationPassed'] as const),
    ...(['verificationLapsed', 'cutoverStarted', 'cutoverAborted', 'opened', 'rollbackStarted'] as const),
    ...(['rollbackFinished', 'completed'] as const),
  ];
  const steps = fc.array(fc.tuple(fc.constantFrom(...EVENTS), fc.constantFrom(...RUN_KINDS)), { maxLength: 40 });

  it('a project stands in a known phase and can go on, unless it is completed', () => {
    fc.assert(
      fc.property(steps, (events) => {
        let at = standing();
        for (const [event, kind] of events) at = afterEvent(at, event, kind) ?? at;
        expect(PHASES).toContain(at.phase);
        const nextEvents = EVENTS.flatMap((event) => RUN_KINDS.map((kind) => afterEvent(at, event, kind)));
        expect(nextEvents.some((next) => next !== null)).toBe(at.phase !== 'completed');
      }),
    );
  });

  it('a run is active exactly until it ends, and two never are', () => {
    fc.assert(
      fc.property(steps, (events) => {
        let at = standing();
        for (const [event, kind] of events) {
          const next = afterEvent(at, event, kind);
          const isSecond = event === 'runStarted' && at.running !== null;
          const isIdleCopy = at.phase === 'copying' && at.running === null;
          expect({ isSecondLetThrough: isSecond && next !== null, isIdleCopy }).toEqual({
            isSecondLetThrough: false,
            isIdleCopy: false,
          });
          at = next ?? at;
        }
      }),
    );
  });
});
