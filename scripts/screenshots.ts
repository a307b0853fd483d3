import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium, type Page } from 'playwright-core';
import { stringify } from 'yaml';
import { createApiClient, type ProjectStatus } from '../src/cli/client/api-client.ts';
import { ENTITIES, type Entity } from '../src/domain/entity.ts';
import { bigCommerceCredentials } from '../src/sandbox/bigcommerce/options.ts';
import { sandboxCredentials } from '../src/sandbox/woocommerce/options.ts';
import { startChild } from '../src/stack/child-process.ts';
import { ownCommand } from '../src/stack/own-command.ts';
import { postgresHome } from '../src/stack/postgres-cluster.ts';
import { migrationWorkflowId, runWorkflowId, SEARCH_ATTRIBUTES } from '../src/workflows/contract.ts';
import { freePorts } from '../test/support/free-port.ts';

// Brings the service up with small sandbox stores, migrates them, and takes the pictures of docs/temporal-ui.md with a real
// Chromium: /usr/bin/chromium (Debian's), or the one that CHROMIUM_PATH names.
const IMAGES = fileURLToPath(new URL('../docs/images', import.meta.url));
const NAMESPACE = 'storeferry';
const WIDTH = 1_400;
/** As docs/temporal-ui.md tells people to choose them. */
const COLUMNS = ['Status', 'Workflow ID', 'Type', ...Object.values(SEARCH_ATTRIBUTES).map(({ name }) => name)];
const CONTENT: readonly Entity[] = ['blog_post', 'page'];
const LARGEST_BYTES = 200_000;

type Ports = [number, number, number, number, number, number];
const [temporal, ui, postgres, apiPort, source, target] = (await freePorts(6)) as Ports;
const folder = mkdtempSync(join(tmpdir(), 'storeferry-screenshots-'));
const dataFolder = join(folder, 'data');
const stack = await startStack();
const service = connect();
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
    sandbox: { woocommerce: { port: source, products: 80 }, bigcommerce: { port: target, quota: 100_000 } },
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

/** One project that has run by itself, and one whose trial waits for a person. */
async function migrate(): Promise<void> {
  const { api } = service;
  const others = ENTITIES.filter((entity) => !CONTENT.includes(entity));
  await create('my-blog', others);
  await api.startRun('my-blog', { kind: 'full', autoApprove: true });
  await until('my-blog', ({ run, phase }) => run?.state === 'completed' && phase === 'syncing');
  await create('my-shop', CONTENT);
  await api.startRun('my-shop', { kind: 'full' });
  await until('my-shop', ({ attention }) => attention !== null);
}

async function create(project: string, without: readonly Entity[]): Promise<void> {
  const { api, stores } = service;
  const entities = Object.fromEntries(without.map((entity) => [entity, false]));
  const body = { project, ...stores, mapping: { entities } };
  await api.createProject(body);
  await api.confirmBackup(project, { by: 'operations', at: new Date().toISOString() });
}

function connect() {
  const key = readFileSync(join(dataFolder, 'approver.key'), 'utf8').trim();
  const stores = {
    source: { platform: 'woocommerce', url: `http://127.0.0.1:${source}`, credentials: { ...sandboxCredentials } },
    target: { platform: 'bigcommerce', url: `http://127.0.0.1:${target}`, credentials: { ...bigCommerceCredentials } },
  };
  return { api: createApiClient({ url: `http://127.0.0.1:${apiPort}`, key }), stores };
}

async function until(project: string, holds: (status: ProjectStatus) => boolean): Promise<void> {
  while (!holds(await service.api.status(project))) await new Promise((resolve) => setTimeout(resolve, 250));
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
    const run = encodeURIComponent(runWorkflowId('my-shop', 'full-1'));
    await open(page, '', 500, 'my-shop');
    await page.getByRole('button', { name: 'Collapse saved views' }).click();
    await save(page, 'workflows');
    await openTab(page, `/${shop}`, 'Needs a person');
    await save(page, 'project-details');
    await service.api.approve('my-shop', 'trial', 'ten of ten are as they should be');
    await until('my-shop', ({ phase }) => phase === 'syncing');
    await open(page, `/${shop}`, 1_600, 'recordPhase');
    await save(page, 'project-history', await timeline(page));
    await open(page, `/${run}`, 3_000, 'close the run');
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
  // From first to last, and all of it; the browser remembers both from picture to picture.
  for (const choice of ['Descending', 'Minimized']) {
    const button = page.getByRole('button', { name: choice });
    if (await button.isVisible()) await button.click();
  }
  // Else the hint of the button that was pressed last lies over the picture.
  await page.mouse.move(0, 0);
  const heading = await page.getByText('Event History').first().boundingBox();
  const list = await page.getByTestId('feed').boundingBox();
  if (heading === null || list === null) throw new Error('the page of a history looks other than expected');
  const [top, bottom] = [heading.y - 10, list.y - 10];
  return { x: heading.x - 10, y: top, width: WIDTH - heading.x - 10, height: bottom - top };
}

async function save(page: Page, name: string, clip?: Awaited<ReturnType<typeof timeline>>): Promise<void> {
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
