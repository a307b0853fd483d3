import { startChild } from '../../src/stack/child-process.ts';
import type { RunningChild } from '../../src/stack/child-process.ts';
import type { Part } from '../../src/stack/part.ts';

/** Starts a part outside the supervisor. It also dies with this process, however that ends short of SIGKILL. */
export async function startTestPart(part: Part): Promise<RunningChild> {
  const child = await startChild({ ...part, env: { ...process.env, ...part.env } });
  const killWithUs = () => child.kill();
  process.once('exit', killWithUs);
  void child.ended.then(() => process.removeListener('exit', killWithUs));
  await part.afterReady?.();
  return child;
}
