/* A real Vendure server on 127.0.0.1, for tests: `node server.mjs --folder <data> [--port <n>] [--list-limit <n>] [--with-parent]`.
 *
 * - Superadmin's credentials: STORE_USER and STORE_PASSWORD of the environment.
 * - The folder keeps the database (`store.sqlite`) and the assets. The database lives in memory and is written on SIGTERM, so
 *   that a store that was filled once can be started again; SIGKILL forgets what was done since the start.
 * - One line of JSON on stdout once it answers: `{"ready":true,"port":40123,"pid":17}`. All else goes to stderr.
 * - With `--with-parent` it ends when the process that started it is gone, however that ended.
 */
import { existsSync, mkdirSync } from 'node:fs';
import { rename, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';

// Read while the package loads: nothing of a test run is told to anybody.
process.env['VENDURE_DISABLE_TELEMETRY'] = 'true';
const { AssetServerPlugin } = await import('@vendure/asset-server-plugin');
const core = await import('@vendure/core');
const { bootstrap, dummyPaymentHandler, JobQueueService, LanguageCode } = core;

const { values: args } = parseArgs({
  options: {
    folder: { type: 'string' },
    port: { type: 'string', default: '0' },
    'list-limit': { type: 'string', default: '1000' },
    'with-parent': { type: 'boolean', default: false },
  },
});
if (args.folder === undefined) throw new Error('--folder is missing');
const { STORE_USER: identifier, STORE_PASSWORD: password } = process.env;
if (!identifier || !password) throw new Error('STORE_USER and STORE_PASSWORD are missing');

const folder = resolve(args.folder);
const databaseFile = join(folder, 'store.sqlite');
mkdirSync(join(folder, 'assets'), { recursive: true });
const isNew = !existsSync(databaseFile);

/** Pays at once, and gives back at once: Vendure's own dummy leaves each refund to be settled by hand. */
const refundingPaymentHandler = new core.PaymentMethodHandler({
  code: 'refunding-payment-handler',
  description: [{ languageCode: LanguageCode.en, value: 'Pays and refunds at once' }],
  args: {},
  createPayment: (_context, order, amount, _args, metadata) =>
    metadata['shouldDecline'] === true
      ? { amount, state: 'Declined', errorMessage: 'declined', metadata: {} }
      : { amount, state: 'Settled', transactionId: `paid-${order.code}`, metadata: { public: { brand: 'Visa' } } },
  settlePayment: () => ({ success: true }),
  createRefund: (_context, _input, amount, order) => ({
    state: 'Settled',
    transactionId: `refunded-${order.code}-${amount}`,
  }),
});

function complain(message, context = '') {
  process.stderr.write(`${context} ${message}\n`);
}
function ignore() {}

const app = await bootstrap({
  apiOptions: {
    hostname: '127.0.0.1',
    port: Number(args.port),
    cors: false,
    adminListQueryLimit: Number(args['list-limit']),
  },
  authOptions: {
    // As a shop that lets other programs in is set up.
    tokenMethod: ['bearer', 'api-key'],
    superadminCredentials: { identifier, password },
    requireVerification: false,
  },
  dbConnectionOptions: { type: 'sqljs', location: databaseFile, autoSave: false, synchronize: isNew, logging: false },
  paymentOptions: { paymentMethodHandlers: [dummyPaymentHandler, refundingPaymentHandler] },
  logger: { error: complain, warn: complain, info: ignore, verbose: ignore, debug: ignore },
  plugins: [AssetServerPlugin.init({ route: 'assets', assetUploadDir: join(folder, 'assets') })],
});
// What a collection holds is worked out by a job.
await app.get(JobQueueService).start();

let stopping = false;
async function stop() {
  if (stopping) return;
  stopping = true;
  // What stands in the file is a whole database or the one before.
  const bytes = app.get(core.TransactionalConnection).rawConnection.driver.export();
  await writeFile(`${databaseFile}.new`, bytes);
  await rename(`${databaseFile}.new`, databaseFile);
  await app.close();
  process.exit(0);
}
// Nest's own handlers would close the server without the file.
for (const signal of ['SIGTERM', 'SIGINT']) process.removeAllListeners(signal).on(signal, () => void stop());
if (args['with-parent']) {
  const parent = process.ppid;
  // Nobody is left who could want the store again.
  setInterval(() => void (process.ppid === parent || process.exit(0)), 1_000).unref();
}

const { port } = app.getHttpServer().address();
process.stdout.write(`${JSON.stringify({ ready: true, port, pid: process.pid })}\n`);
