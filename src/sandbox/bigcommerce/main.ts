import { z } from 'zod';
import { announceReady, childOptions, closeOnSignals } from '../shared/child.ts';
import { bigCommerceOptions } from './options.ts';
import { createBigCommerceSandbox } from './server.ts';

/*
 * The store as a process of its own. Its token comes from SANDBOX_BC_TOKEN, everything else from the command line. With
 * `--merchant` so many edits by hand per second happen in it from the start on.
 */
const names =
  'port,host,state-file,seed,store-hash,quota,window-ms,merchant,latency-ms,list-lag-ms,late-commit-limit-ms,inventory-delay-ms';
const command = bigCommerceOptions.extend({ stateFile: z.string().optional() });

const token = process.env['SANDBOX_BC_TOKEN'];
const { stateFile, ...options } = command.parse({
  ...childOptions(process.argv.slice(2), names.split(',')),
  ...(token ? { accessToken: token } : {}),
});
const sandbox = await createBigCommerceSandbox(stateFile === undefined ? options : { ...options, stateFile });
announceReady(sandbox.url);
closeOnSignals(sandbox.close);
