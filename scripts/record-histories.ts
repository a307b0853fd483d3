import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { writeHistory } from '../test/replay/history-file.ts';
import { openBench } from '../test/workflow/bench.ts';
import { SCENARIOS } from '../test/replay/scenarios.ts';
import { startTestTemporal, TEST_NAMESPACE } from '../test/support/temporal-server.ts';
import { buildWorkflowBundle } from '../test/support/workflow-bundle.ts';

// Records test/replay/histories against the real dev server. Before the first tagged release a history may be recorded anew
// in the commit that says why; after it, only new ones are added (CONTRIBUTING, "Change a workflow").
// Names given as arguments record only those scenarios.
const folder = fileURLToPath(new URL('../test/replay/histories', import.meta.url));
const wanted = process.argv.slice(2);
const [server, bundle] = await Promise.all([startTestTemporal(), buildWorkflowBundle()]);
if (bundle === undefined) throw new Error('there are no workflows to record');
const bench = await openBench({ address: server.address, namespace: TEST_NAMESPACE, bundlePath: bundle.path });
try {
  mkdirSync(folder, { recursive: true });
  await bench.startWorker();
  for (const { name, play } of SCENARIOS.filter((one) => wanted.length === 0 || wanted.includes(one.name))) {
    const handles = await play(bench);
    for (const [file, handle] of Object.entries(handles)) {
      const history = await handle.fetchHistory();
      writeHistory(join(folder, `${file}.json`), history);
      console.log(`${name}: ${file}, ${history.events?.length ?? 0} events`);
    }
  }
} finally {
  await bench.close();
  bundle.remove();
  await server.stop();
}
