import { CancellationScope } from '@temporalio/workflow';

/** Like Promise.all, but when one ends in an error the others are cancelled and have ended before it is thrown. */
export async function together(works: readonly (() => Promise<void>)[]): Promise<void> {
  await CancellationScope.cancellable(async () => {
    const running = works.map((work) => work());
    try {
      await Promise.all(running);
    } catch (error) {
      CancellationScope.current().cancel();
      await Promise.allSettled(running);
      throw error;
    }
  });
}
