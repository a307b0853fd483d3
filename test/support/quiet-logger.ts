import { DefaultLogger } from '@temporalio/worker';

/** Lets only errors through: what the SDK has to say at other levels is noise in a test's output. */
export const quietLogger = new DefaultLogger('ERROR');
