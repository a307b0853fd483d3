import { describe, expect, test } from 'vitest';
import { openGovernor } from '../../../src/connectors/http/open-governor.ts';

const request = { store: 's', resource: 'default', resourceSlots: 10, timeoutMs: 1000 };
const idle = new AbortController().signal;

describe('the open governor', () => {
  test('lets no more in than there are slots, and the next in when one is free', async () => {
    const governor = openGovernor(2);
    const first = await governor.acquire(request, idle);
    await governor.acquire(request, idle);
    let third = false;
    const waiting = governor.acquire(request, idle).then(() => (third = true));
    await Promise.resolve();
    expect(third).toBe(false);
    await first.release({});
    await waiting;
    expect(third).toBe(true);
  });

  test('caps a resource by itself and other stores not at all', async () => {
    const governor = openGovernor(4);
    const capped = { ...request, resource: 'customers-write', resourceSlots: 1 };
    const held = await governor.acquire(capped, idle);
    const waiting = governor.acquire(capped, idle);
    await governor.acquire(request, idle);
    await governor.acquire({ ...capped, store: 'other' }, idle);
    await held.release({});
    await expect(waiting).resolves.toBeDefined();
  });

  test('a slot released twice is one slot', async () => {
    const governor = openGovernor(1);
    const permit = await governor.acquire(request, idle);
    await permit.release({});
    await permit.release({});
    await governor.acquire(request, idle);
    const stop = new AbortController();
    const second = governor.acquire(request, stop.signal);
    stop.abort(new Error('enough'));
    await expect(second).rejects.toThrow('enough');
  });
});
