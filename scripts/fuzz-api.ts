import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startFuzzedApi } from '../test/support/fuzzed-api.ts';

// Lets schemathesis loose on the real API, by the API's own OpenAPI document. Any finding, and any error in the API's log,
// makes the exit code 1. Called by .ci/fuzz-api, which installs schemathesis and passes its path; more arguments go to it.
const CHECKS = [
  'not_a_server_error',
  'status_code_conformance',
  'content_type_conformance',
  'response_headers_conformance',
  'response_schema_conformance',
  'negative_data_rejection',
  'unsupported_method',
  'allow_header_conformance',
  'missing_required_header',
  'ignored_auth',
];
const PROJECT = 'shop';
/** An end for a pass that hangs; one takes less than a minute. */
const LONGEST_PASS_MS = 180_000;

const [schemathesis = '', ...more] = process.argv.slice(2);
if (schemathesis === '') throw new Error('the path of schemathesis is missing; call .ci/fuzz-api instead');
const base = readFileSync(fileURLToPath(new URL('../.ci/schemathesis.toml', import.meta.url)), 'utf8');
const folder = mkdtempSync(join(tmpdir(), 'storeferry-fuzz-'));
const api = await startFuzzedApi();

/** Three looks: at a project that is there, at whatever names come, and with a key that may only read. */
const PASSES = [
  {
    name: 'project',
    key: api.keys.approver,
    project: PROJECT,
    options: ['--exclude-method', 'DELETE'],
  },
  { name: 'any', key: api.keys.approver, options: [] },
  { name: 'viewer', key: api.keys.viewer, project: PROJECT, options: ['--phases', 'coverage'] },
];

try {
  await api.createProject(PROJECT);
  const failed: string[] = [];
  for (const pass of PASSES) if ((await fuzz(pass)) !== 0) failed.push(pass.name);
  for (const line of api.errors()) process.stderr.write(line);
  if (failed.length > 0) console.error(`schemathesis found something in: ${failed.join(', ')}`);
  if (api.errors().length > 0) console.error(`the API logged ${api.errors().length} errors`);
  process.exitCode = failed.length + api.errors().length > 0 ? 1 : 0;
} finally {
  await api.close();
  rmSync(folder, { recursive: true, force: true });
}

function fuzz({ name, key, project, options }: (typeof PASSES)[number]): Promise<number> {
  const config = join(folder, `${name}.toml`);
  const about = project === undefined ? '' : `\n[parameters]\n"path.project" = "${project}"\n`;
  writeFileSync(config, `${base}${about}`);
  const place = ['--config-file', config, 'run', `${api.url}/docs/json`];
  const asked = ['--header', `Authorization: Bearer ${key}`, '--checks', CHECKS.join(',')];
  const args = [...place, ...asked, ...options, ...more];
  const child = spawn(schemathesis, args, { stdio: 'inherit', timeout: LONGEST_PASS_MS, cwd: folder });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve(code ?? 1));
  });
}
