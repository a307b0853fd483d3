import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { admitCommand, type CommandRequest, recordPhase } from '../../src/ledger/commands.ts';
import { makeGateToken } from '../../src/ledger/gate-tokens.ts';
import {
  closeRunGates,
  gateState,
  openDeleteGate,
  listGates,
  openRunGate,
  passByRule,
} from '../../src/ledger/gates.ts';
import { changeOptions, projectOptions, setRates } from '../../src/ledger/project-options.ts';
import { endRest, lowerForRest, setStoreRates, storeConcurrency } from '../../src/ledger/store-rates.ts';
import { createQuotaGovernor } from '../../src/ledger/quota/quota-governor.ts';
import { getProject } from '../../src/ledger/projects.ts';
import { mappingFingerprint as fingerprintOf } from '../../src/ledger/mappings.ts';
import type { Mapping } from '../../src/domain/mapping.ts';
import { closeRun, openRun } from '../../src/ledger/runs.ts';
import { connectSource, type LedgerUnderTest, makeProject, openTestLedger } from './ledger-under-test.ts';

let ledger: LedgerUnderTest;
beforeAll(async () => {
  ledger = await openTestLedger();
});
afterAll(() => ledger.close());

let commands = 0;
const request = (given: Partial<CommandRequest>): CommandRequest => ({
  command: 'startRun',
  kind: 'full',
  by: 'ops',
  commandId: `c${++commands}`,
  phase: 'draft',
  nextPhase: 'copying',
  attention: null,
  knownRun: null,
  ...given,
});

describe('a run', () => {
  it('is refused without a backup, whoever starts it, and with one that is too old', async () => {
    const none = await makeProject(ledger, 'no-backup', {});
    expect(await admitCommand(ledger.db, none, request({}))).toMatchObject({ code: 'backup-not-confirmed' });
    const old = { backup: { by: 'ops', at: '2020-01-01T00:00:00.000Z' } };
    const late = await makeProject(ledger, 'old-backup', old);
    expect(await admitCommand(ledger.db, late, request({}))).toMatchObject({
      message: expect.stringContaining('168 are allowed') as string,
    });
  });

  it.each(['full', 'demo', 'recent', 'resync'] as const)(
    'of kind %s is refused outside of the license, before anything else is asked',
    async (kind) => {
      const license = { from: null, until: '2020-01-01T00:00:00.000Z' };
      const project = await makeProject(ledger, `license-${kind}`, { license });
      expect(await admitCommand(ledger.db, project, request({ kind }))).toMatchObject({
        admitted: false,
        code: 'license-window',
        message: expect.stringContaining('over at 2020-01-01') as string,
      });
      const { rows } = await sql`SELECT FROM runs WHERE project_id = ${project.id}`.execute(ledger.db);
      expect(rows).toEqual([]);
    },
  );

  it('starts inside of the license, and when that was prolonged', async () => {
    const backup = { by: 'ops', at: new Date().toISOString() };
    const early = { backup, license: { from: '2999-01-01T00:00:00.000Z', until: '2999-02-01T00:00:00.000Z' } };
    const project = await makeProject(ledger, 'license-early', early);
    expect(await admitCommand(ledger.db, project, request({}))).toMatchObject({
      code: 'license-window',
      message: expect.stringContaining('begins at 2999-01-01') as string,
    });
    const license = { from: '2020-01-01T00:00:00.000Z', until: '2999-02-01T00:00:00.000Z' };
    await changeOptions(ledger.db, project.id, { license });
    const now = (await getProject(ledger.db, project.slug)) ?? project;
    expect(await admitCommand(ledger.db, now, request({}))).toMatchObject({ admitted: true });
  });

  it('is refused for a slice of another project', async () => {
    const project = await makeProject(ledger, 'no-slice');
    const asked = request({ kind: 'resync', options: { slice: 999 } });
    expect(await admitCommand(ledger.db, project, asked)).toMatchObject({ admitted: false, code: 'unknown-slice' });
  });

  it('of kind recent follows a completed full run with the same mapping, and asks for no backup', async () => {
    const project = await makeProject(ledger, 'follows', {});
    const recent = () => admitCommand(ledger.db, project, request({ kind: 'recent', nextPhase: 'syncing' }));
    expect(await recent()).toMatchObject({ admitted: false, code: 'no-baseline' });
    const full = (mapping: Mapping) => {
      const mappingFingerprint = fingerprintOf(mapping);
      return openRun(ledger.db, { projectId: project.id, kind: 'full', mappingVersion: 1, mappingFingerprint });
    };
    const other = await full({ ...project.mapping, shortDescription: 'drop' });
    expect(await recent()).toMatchObject({ code: 'run-active' });
    await closeRun(ledger.db, other?.id ?? 0, 'completed', null);
    expect(await recent()).toMatchObject({
      code: 'mapping-changed',
      message: expect.stringContaining('full-1') as string,
    });
    const same = await full(project.mapping);
    await closeRun(ledger.db, same?.id ?? 0, 'failed', 'not to its end');
    expect(await recent()).toMatchObject({ code: 'mapping-changed' });
    const whole = await full(project.mapping);
    await closeRun(ledger.db, whole?.id ?? 0, 'completed', null);
    expect(await recent()).toMatchObject({ admitted: true, run: 'recent-1' });
  });

  it('keeps its options, and has the defaults of those that nobody named', async () => {
    const project = await makeProject(ledger, 'options');
    await admitCommand(ledger.db, project, request({ options: { autoApprove: true, passes: [5] } }));
    const { rows } = await sql<{ options: object }>`SELECT options FROM runs WHERE project_id = ${project.id}`.execute(
      ledger.db,
    );
    expect(rows[0]?.options).toEqual({ autoApprove: true, passes: [5], perEntity: 10, slice: null, sweep: false });
  });
});

async function gated(slug: string, livesMs = 60_000) {
  const project = await makeProject(ledger, slug);
  const run = await openRun(ledger.db, {
    projectId: project.id,
    kind: 'full',
    mappingVersion: 1,
    mappingFingerprint: 'f',
  });
  const of = { projectId: project.id, runId: run?.id ?? 0 };
  await openRunGate(ledger.db, of, { name: 'trial', evidence: { readBack: 50 }, livesMs });
  const token = async () => (await makeGateToken(ledger.db, project.id, 'trial', 'an-approver')).token;
  const approve = (given: string, gate = 'trial') =>
    admitCommand(ledger.db, project, request({ command: 'approve', gate, token: given, knownRun: 'full-1' }));
  return { project, of, token, approve };
}

describe('a gate of a run', () => {
  it('is passed once by a token that only an approver can have, in the name of that one', async () => {
    const { of, token, approve, project } = await gated('approved');
    const word = await token();
    expect(await approve('guessed')).toMatchObject({ admitted: false, code: 'token-refused' });
    expect(await approve(word, 'mass-delete-brand')).toMatchObject({ code: 'token-refused' });
    expect(await approve(word)).toMatchObject({ admitted: true });
    expect(await gateState(ledger.db, of, 'trial')).toBe('passed');
    expect(await listGates(ledger.db, project.id, { after: null, limit: 9 })).toMatchObject([
      { passedBy: 'an-approver' },
    ]);
    expect(await approve(word)).toMatchObject({ code: 'token-refused' });
    expect(await approve(await token())).toMatchObject({
      code: 'gate-passed',
      message: expect.stringContaining('passed by an-approver already') as string,
    });
  });

  it('is not passed on evidence that is too old, and stays passed once it was', async () => {
    const { of, token, approve } = await gated('aged', -1);
    expect(await gateState(ledger.db, of, 'trial')).toBe('expired');
    expect(await approve(await token())).toMatchObject({ code: 'no-open-gate' });
    await openRunGate(ledger.db, of, { name: 'trial', evidence: { readBack: 51 }, livesMs: 60_000 });
    expect(await approve(await token())).toMatchObject({ admitted: true });
    await openRunGate(ledger.db, of, { name: 'trial', evidence: {}, livesMs: 60_000 });
    expect(await gateState(ledger.db, of, 'trial')).toBe('passed');
  });

  it('is passed by its rule with what that went by, and closed with its run', async () => {
    const { of, project } = await gated('ruled');
    await passByRule(ledger.db, of, { name: 'second', evidence: { clean: true } });
    await closeRunGates(ledger.db, of.runId);
    const gates = await listGates(ledger.db, project.id, { after: null, limit: 9 });
    expect(gates.map(({ gate, state, passedBy }) => `${gate} ${state} ${passedBy}`).toSorted()).toEqual([
      'second passed rule',
      'trial expired null',
    ]);
  });
});

const attention = async (slug: string) => (await getProject(ledger.db, slug))?.attention;

describe('an open gate', () => {
  const at = { by: 'run full-1', why: 'over' } as const;

  it('calls a person until it is passed, then the next one does', async () => {
    const { project, of, token, approve } = await gated('two-gates');
    await openDeleteGate(ledger.db, of.projectId, of.runId, 'brand', { deletes: 30 });
    const first = await approve(await token());
    expect(first).toMatchObject({ admitted: true, attention: 'gate mass-delete-brand waits for approval' });
    expect(await attention('two-gates')).toBe('gate mass-delete-brand waits for approval');
    const { token: second } = await makeGateToken(ledger.db, project.id, 'mass-delete-brand', 'an-approver');
    expect(await approve(second, 'mass-delete-brand')).toMatchObject({ admitted: true, attention: null });
    expect(await attention('two-gates')).toBeNull();
  });

  it('still does when its run has ended, and when the next one begins', async () => {
    const { of, project } = await gated('left-open');
    await openDeleteGate(ledger.db, of.projectId, of.runId, 'brand', {});
    await closeRun(ledger.db, of.runId, 'completed', null);
    await closeRunGates(ledger.db, of.runId);
    const words = 'gate mass-delete-brand waits for approval';
    expect(await recordPhase(ledger.db, of.projectId, { ...at, phase: 'syncing', attention: null })).toBe(words);
    expect(await admitCommand(ledger.db, project, request({ kind: 'resync' }))).toMatchObject({ attention: words });
    expect(await attention('left-open')).toBe(words);
  });

  it('gives way to what is graver', async () => {
    const { of, project } = await gated('graver');
    const failed = { ...at, phase: 'failed', attention: 'run full-1 failed' } as const;
    expect(await recordPhase(ledger.db, of.projectId, failed)).toBe('run full-1 failed');
    const pause = request({ command: 'pause', reason: 'lunch', attention: 'lunch' });
    expect(await admitCommand(ledger.db, project, pause)).toMatchObject({ attention: 'lunch' });
    const resume = request({ command: 'resume', commandId: 'r', attention: null });
    expect(await admitCommand(ledger.db, project, resume)).toMatchObject({
      attention: 'gate trial waits for approval',
    });
  });
});

describe('rates in flight', () => {
  it('hold for both stores from the next request on, and each keeps what is not named', async () => {
    const project = await makeProject(ledger, 'rates');
    await connectSource(ledger, project);
    const asked = request({ command: 'setRate', rates: { concurrency: 1, reservePercent: 30 } });
    expect(await admitCommand(ledger.db, project, asked)).toMatchObject({ admitted: true });
    await setRates(ledger.db, project.id, { batchSize: 7 });
    expect((await projectOptions(ledger.db, project.id)).rates).toEqual({
      concurrency: 1,
      reservePercent: 30,
      batchSize: 7,
    });
    for (const store of ['bigcommerce:rates', 'woocommerce:key-rates'])
      expect(await storeConcurrency(ledger.db, store)).toMatchObject({ concurrency: 1 });

    const governor = createQuotaGovernor({ db: ledger.db, concurrency: 4 });
    const ask = { store: 'bigcommerce:rates', resource: 'default', resourceSlots: 32, timeoutMs: 5_000 };
    const first = await governor.acquire(ask, AbortSignal.timeout(5_000));
    const impatient = new AbortController();
    const second = governor.acquire(ask, impatient.signal);
    impatient.abort(new Error('one at a time'));
    await expect(second).rejects.toThrow('one at a time');
    await setStoreRates(ledger.db, 'bigcommerce:rates', { concurrency: 2 });
    const third = await governor.acquire(ask, AbortSignal.timeout(5_000));
    await Promise.all([first.release({}), third.release({})]);
  });

  it('are as the service is set again once they are taken back', async () => {
    const project = await makeProject(ledger, 'taken-back');
    await connectSource(ledger, project);
    const change = (rates: object) => admitCommand(ledger.db, project, request({ command: 'setRate', rates }));
    await change({ concurrency: 3, batchSize: 7, reservePercent: 30 });
    await change({ concurrency: null, batchSize: null });
    expect((await projectOptions(ledger.db, project.id)).rates).toEqual({ reservePercent: 30 });
    for (const store of ['bigcommerce:taken-back', 'woocommerce:key-taken-back'])
      expect(await storeConcurrency(ledger.db, store)).toMatchObject({ concurrency: null });
    const { rows } = await sql<{ reserve: number }>`
      SELECT set_reserve_percent AS reserve FROM quota_windows WHERE store LIKE '%taken-back'`.execute(ledger.db);
    expect(rows).toEqual([{ reserve: 30 }, { reserve: 30 }]);
  });
});

const rested = async (slug: string) => {
  const project = await makeProject(ledger, slug);
  await connectSource(ledger, project);
  const store = `woocommerce:key-${slug}`;
  await setStoreRates(ledger.db, store, { concurrency: 8 });
  await lowerForRest(ledger.db, store, { seen: await storeConcurrency(ledger.db, store), to: 4 });
  const run = { projectId: project.id, kind: 'full', mappingVersion: 1, mappingFingerprint: 'f' } as const;
  const opened = await openRun(ledger.db, run);
  return { project, store, run: { id: opened?.id ?? 0, projectId: project.id } };
};
const allowed = async (store: string) => (await storeConcurrency(ledger.db, store)).concurrency;

describe('a store that was given rest', () => {
  it('is as it was set when the run ends, and nothing more happens when that is told again', async () => {
    const { store, run } = await rested('rest-ends');
    expect(await endRest(ledger.db, run)).toEqual([store]);
    expect(await storeConcurrency(ledger.db, store)).toMatchObject({ concurrency: 8, resting: false });
    expect(await endRest(ledger.db, run)).toEqual([]);
  });

  it('rests on while the run of another project works it', async () => {
    const { store, run } = await rested('shared-source');
    const other = await makeProject(ledger, 'shares-it');
    await sql`UPDATE projects SET source_key = 'key-shared-source' WHERE id = ${other.id}`.execute(ledger.db);
    await connectSource(ledger, other);
    const theirs = await openRun(ledger.db, {
      projectId: other.id,
      kind: 'full',
      mappingVersion: 1,
      mappingFingerprint: 'f',
    });
    expect(await endRest(ledger.db, run)).toEqual([]);
    expect(await allowed(store)).toBe(4);
    await closeRun(ledger.db, run.id, 'completed', null);
    expect(await endRest(ledger.db, { id: theirs?.id ?? 0, projectId: other.id })).toEqual([store]);
    expect(await allowed(store)).toBe(8);
  });
});
