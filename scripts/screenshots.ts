import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Client, Connection } from '@temporalio/client';
import { chromium, type Page } from 'playwright-core';
import { stringify } from 'yaml';
import { createApiClient } from '../src/cli/client/api-client.ts';
import { bigCommerceCredentials } from '../src/sandbox/bigcommerce/options.ts';
import { sandboxCredentials } from '../src/sandbox/woocommerce/options.ts';
import { startChild } from '../src/stack/child-process.ts';
import { ownCommand } from '../src/stack/own-command.ts';
import { postgresHome } from '../src/stack/postgres-cluster.ts';
import { COMMAND_UPDATES, migrationWorkflowId, runWorkflowId, SEARCH_ATTRIBUTES } from '../src/workflows/contract.ts';
import { freePorts } from '../test/support/free-port.ts';

// Brings the service up with small sandbox stores, migrates them, and takes the pictures of docs/temporal-ui.md with a real
// Chromium: /usr/bin/chromium (Debian's), or the one that CHROMIUM_PATH names.
const IMAGES = fileURLToPath(new URL('../docs/images', import.meta.url));
const NAMESPACE = 'storeferry';
const WIDTH = 1_400;
/** As docs/temporal-ui.md tells people to choose them. */
const COLUMNS = ['Status', 'Workflow ID', 'Type', ...Object.values(SEARCH_ATTRIBUTES).map(({ name }) => name)];
const CONTENT = ['blog_post', 'page'] as const;
const LARGEST_BYTES = 200_000;

type Ports = [number, number, number, number, number, number];
const [temporal, ui, postgres, apiPort, source, target] = (await freePorts(6)) as Ports;
const folder = mkdtempSync(join(tmpdir(), 'storeferry-screenshots-'));
const dataFolder = join(folder, 'data');
const stack = await startStack();
try {
  await migrate();
  await takePictures();
} finally {
  await stack.stop();
  rmSync(postgresHome(dataFolder), { recursive: true, force: true });
  rmSync(folder, { recursive: true });
}

function startStack() {
  const file = join(folder, 'settings.yml');
  const settings = {
    dataFolder,
    temporal: { port: temporal, uiPort: ui, namespace: NAMESPACE, logLevel: 'error' },
    postgres: { port: postgres },
    api: { port: apiPort },
    sandbox: { woocommerce: { port: source, products: 40 }, bigcommerce: { port: target, quota: 100_000 } },
    network: { allowPrivate: true },
    // Short boxes, so that the run of a small store shows several of them.
    sync: { timeBoxMs: 1_500, pollChangesMs: 200 },
  };
  writeFileSync(file, stringify(settings));
  return startChild({
    name: 'storeferry',
    ...ownCommand('start'),
    cwd: folder,
    env: { ...process.env, STOREFERRY_CONFIG: file, STOREFERRY_DATA: dataFolder },
    ready: (line) => line.includes('worker-1 is up'),
    readyTimeoutMs: 180_000,
    stopGraceMs: 60_000,
  });
}

/** One project that has run, and one that waits for a person. */
async function migrate(): Promise<void> {
  const key = readFileSync(join(dataFolder, 'approver.key'), 'utf8').trim();
  const api = createApiClient({ url: `http://127.0.0.1:${apiPort}`, key });
  const stores = {
    source: { platform: 'woocommerce', url: `http://127.0.0.1:${source}`, credentials: { ...sandboxCredentials } },
    target: { platform: 'bigcommerce', url: `http://127.0.0.1:${target}`, credentials: { ...bigCommerceCredentials } },
  };
  const without = Object.fromEntries(CONTENT.map((entity) => [entity, false]));
  const shop = { project: 'my-shop', ...stores, mapping: { entities: without } };
  await api.createProject(shop);
  const { run } = await api.startRun('my-shop', { kind: 'full' });
  await settled(api, run);
  const others = [
    'category',
    'brand',
    'product',
    'stock',
    'customer_group',
    'customer',
    'order',
    'coupon',
    'review',
    'redirect',
  ];
  const blog = {
    project: 'my-blog',
    ...stores,
    mapping: { entities: Object.fromEntries(others.map((one) => [one, false])) },
  };
  await api.createProject(blog);
  await api.command('my-blog', 'resume');
  const connection = await Connection.connect({ address: `127.0.0.1:${temporal}` });
  const reason = 'some posts came without their pictures';
  await new Client({ connection, namespace: NAMESPACE }).workflow
    .getHandle(migrationWorkflowId('my-blog'))
    .executeUpdate(COMMAND_UPDATES.pause, { args: [{ by: 'operations', reason, attention: true }] });
  await connection.close();
}

async function settled(api: ReturnType<typeof createApiClient>, run: string): Promise<void> {
  for (;;) {
    const status = await api.status('my-shop');
    if (status.run?.run === run && status.run.state !== 'running' && status.phase !== 'copying') return;
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
}

async function takePictures(): Promise<void> {
  mkdirSync(IMAGES, { recursive: true });
  const quiet = ['--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'];
  const browser = await chromium.launchPersistentContext(join(folder, 'profile'), {
    executablePath: process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium',
    headless: true,
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', ...quiet],
    colorScheme: 'light',
  });
  try {
    const page = await browser.newPage();
    const columns = JSON.stringify({ [NAMESPACE]: COLUMNS.map((label) => ({ label })) });
    await page.addInitScript(`localStorage.setItem('namespace-workflow-table-columns', ${JSON.stringify(columns)})`);
    const shop = encodeURIComponent(migrationWorkflowId('my-shop'));
    const blog = encodeURIComponent(migrationWorkflowId('my-blog'));
    const run = encodeURIComponent(runWorkflowId('my-shop', 'full-1'));
    await open(page, '', 460, 'my-blog');
    await page.getByRole('button', { name: 'Collapse saved views' }).click();
    await save(page, 'workflows');
    await open(page, `/${shop}`, 1_200, 'ask the ledger');
    await save(page, 'project-history');
    await openTab(page, `/${blog}`, 'Needs a person');
    await save(page, 'project-details');
    await open(page, `/${run}`, 1_900, 'close the run');
    // From first to last, and all of it.
    await page.getByTestId('zoom-in').click();
    await page.getByTestId('expandAll').click();
    await page.getByText('assess the source').first().waitFor();
    await save(page, 'run-history', await timeline(page));
  } finally {
    await browser.close();
  }
}

/** Opens a page of Temporal UI and waits for a text that only the whole page has. */
async function open(page: Page, path: string, height: number, text: string): Promise<void> {
  await page.setViewportSize({ width: WIDTH, height });
  await page.goto(`http://127.0.0.1:${ui}/namespaces/${NAMESPACE}/workflows${path}`);
  await page.getByText(text).first().waitFor();
}

async function openTab(page: Page, path: string, text: string): Promise<void> {
  await open(page, path, 620, 'User Metadata');
  await page.getByTestId('user-metadata-tab').click();
  await page.frameLocator('iframe').last().getByText(text).first().waitFor();
}

/** The picture of a history: from its heading down to the list of its events. */
async function timeline(page: Page) {
  const heading = await page.getByText('Event History').first().boundingBox();
  const list = await page.getByTestId('feed').boundingBox();
  if (heading === null || list === null) throw new Error('the page of a history looks other than expected');
  const [top, bottom] = [heading.y - 10, list.y - 10];
  return { x: heading.x - 10, y: top, width: WIDTH - heading.x - 10, height: bottom - top };
}

async function save(page: Page, name: string, clip?: Awaited<ReturnType<typeof timeline>>): Promise<void> {
  // Else the hint of the button that was pressed last lies over the picture.
  await page.mouse.move(0, 0);
  // The name of the machine that took the picture is nobody's business.
  await page.evaluate(`(() => {
    const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walk.nextNode()) walk.currentNode.data = walk.currentNode.data.replaceAll(${JSON.stringify(hostname())}, 'worker-host');
  })()`);
  const picture = await page.screenshot({ animations: 'disabled', ...(clip === undefined ? {} : { clip }) });
  if (picture.length > LARGEST_BYTES)
    throw new Error(`${name} has ${picture.length} bytes; at most ${LARGEST_BYTES} are fine`);
  writeFileSync(join(IMAGES, `${name}.png`), picture);
  console.log(`docs/images/${name}.png: ${picture.length} bytes`);
}
