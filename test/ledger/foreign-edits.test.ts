import { afterAll, beforeAll, expect, it } from 'vitest';
import { refKey } from '../../src/domain/entity.ts';
import { intentKey } from '../../src/ledger/records/intents.ts';
import { type LedgerUnderTest, openTestLedger } from './ledger-under-test.ts';
import { brand, claimAll, queueUnderTest, settle } from './queue-under-test.ts';

let ledger: LedgerUnderTest;
beforeAll(async () => {
  ledger = await openTestLedger();
});
afterAll(() => ledger.close());

it('of what was written before the look at others’ edits began, and committed after, nobody has seen what became', async () => {
  const queue = await queueUnderTest(ledger, 'look-between');
  await queue.ledger.enqueue([brand('1'), brand('2')]);
  const claims = await claimAll(queue);
  const [early, late] = claims;
  if (early === undefined || late === undefined) throw new Error('two were meant to be claimed');
  const write = async ({ id: claimId, epoch, ref }: typeof early) => {
    const noted = await queue.ledger.intend([
      {
        claimId,
        epoch,
        ref,
        part: 'core',
        action: 'create',
        targetId: null,
        aim: { desired: null, bundle: {} },
        aimHash: 'a',
      },
    ]);
    return noted.get(intentKey(ref, 'core')) ?? 0;
  };
  const first = await write(early);
  await queue.ledger.foreignEdits.note('brand', await queue.ledger.clock(), [], true);
  const second = await write(late);
  await queue.ledger.commit([
    { ...settle(early, { to: 'done' }, '71'), resolved: [{ intentId: first, outcome: 'written' }] },
    { ...settle(late, { to: 'done' }, '72'), resolved: [{ intentId: second, outcome: 'written' }] },
  ]);
  const { records } = await queue.ledger.load(claims);
  expect(records.get(refKey(early.ref))).toMatchObject({ targetId: '71', unchecked: true });
  expect(records.get(refKey(late.ref))).toMatchObject({ targetId: '72', unchecked: false });
});
