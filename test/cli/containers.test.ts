import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { createProgram } from '../../src/cli/program.ts';
import { readEnvironment } from '../../src/config/environment.ts';
import { parseSettings } from '../../src/config/settings-file.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const read = (name: string) => readFileSync(join(root, name), 'utf8');

// No container engine is asked: these tests hold the two files to the program, the scripts and the settings.
const dockerfile = parseDockerfile(read('Dockerfile'));
const compose = composeSchema().parse(parse(read('compose.yml'), { merge: true }));
const scripts = (JSON.parse(read('package.json')) as { scripts: Record<string, string> }).scripts;
const commands = createProgram().commands.map((command) => command.name());

interface Instruction {
  readonly name: string;
  readonly value: string;
}

function parseDockerfile(text: string): Instruction[] {
  const lines = text
    .replaceAll(/\\\n\s*/g, '')
    .split('\n')
    .filter((line) => line.trim() !== '' && !line.startsWith('#'));
  return lines.map((line) => ({ name: line.split(' ')[0] ?? '', value: line.slice(line.indexOf(' ') + 1) }));
}

function composeSchema() {
  const condition = z.enum(['service_healthy', 'service_completed_successfully']);
  const service = z.looseObject({
    image: z.string().optional(),
    build: z.string().optional(),
    command: z.array(z.string()).optional(),
    environment: z.record(z.string(), z.union([z.string(), z.number()])).default({}),
    depends_on: z.record(z.string(), z.object({ condition })).default({}),
    healthcheck: z
      .object({ test: z.array(z.string()).min(2) })
      .loose()
      .optional(),
    ports: z.array(z.string().regex(/^127\.0\.0\.1:\d+:\d+$/)).default([]),
  });
  return z.object({ services: z.record(z.string(), service) }).loose();
}

const valuesOf = (name: string) => dockerfile.filter((line) => line.name === name).map(({ value }) => value);

test('the Dockerfile consists of instructions that exist, in stages that start from Node.js', () => {
  const known = ['FROM', 'WORKDIR', 'COPY', 'RUN', 'ENV', 'USER', 'EXPOSE', 'ENTRYPOINT', 'CMD'];
  expect(dockerfile.filter(({ name }) => !known.includes(name))).toEqual([]);
  expect(dockerfile[0]?.name).toBe('FROM');
  for (const image of valuesOf('FROM')) expect(image).toMatch(/^node:\d+-bookworm-slim( AS \w+)?$/);
});

test('what the Dockerfile copies from the clone is there and not left out by .dockerignore', () => {
  const ignored = new Set(read('.dockerignore').split('\n'));
  const copied = valuesOf('COPY')
    .filter((value) => !value.startsWith('--from='))
    .flatMap((value) => value.split(' ').slice(0, -1));
  expect(copied).toContain('src');
  for (const name of copied) expect({ name, there: existsSync(join(root, name)) }).toEqual({ name, there: true });
  expect(copied.filter((name) => ignored.has(name))).toEqual([]);
});

test('every npm script that the Dockerfile runs exists, and so do the program and its command', () => {
  const called = valuesOf('RUN').flatMap((line) => [...line.matchAll(/npm run (\S+)/g)].map(([, name]) => name));
  expect(called).toEqual(['build']);
  for (const name of called) expect(scripts).toHaveProperty(name ?? '');
  const entry = JSON.parse(valuesOf('ENTRYPOINT')[0] ?? '') as string[];
  expect(entry[0]).toBe('node');
  expect(existsSync(join(root, entry[1] ?? ''))).toBe(true);
  expect(commands).toContain((JSON.parse(valuesOf('CMD')[0] ?? '') as string[])[0]);
});

test('the image keeps the native binary of its machine, under the name that the SDK looks for', () => {
  const fromWorker = createRequire(createRequire(import.meta.url).resolve('@temporalio/worker'));
  const releases = join(dirname(fromWorker.resolve('@temporalio/core-bridge')), 'releases');
  for (const machine of ['x86_64', 'aarch64']) {
    expect(existsSync(join(releases, `${machine}-unknown-linux-gnu`))).toBe(true);
  }
  expect(valuesOf('RUN').join('\n')).toContain('$(uname -m)-unknown-linux-gnu');
});

test('every part of the service is in compose.yml, and each waits only for parts that can answer', () => {
  const { services } = compose;
  expect(Object.keys(services)).toEqual(
    expect.arrayContaining(['postgres', 'temporal', 'temporal-ui', 'api', 'worker']),
  );
  for (const [name, { depends_on: needs, image, build }] of Object.entries(services)) {
    expect({ name, from: image ?? build }).toEqual({ name, from: expect.any(String) as string });
    for (const [other, { condition }] of Object.entries(needs)) {
      expect(services).toHaveProperty(other);
      const answers = services[other]?.healthcheck !== undefined;
      expect({ name, other, answers: answers || condition !== 'service_healthy' }).toMatchObject({ answers: true });
    }
  }
});

test('our own services run commands of the program with variables that it knows', () => {
  const own = Object.values(compose.services).filter(({ build }) => build !== undefined);
  expect(own.map(({ command }) => command)).toEqual([['api'], ['worker']]);
  for (const { command, environment } of own) {
    expect(commands).toContain(command?.[0]);
    const key = 'ab'.repeat(32);
    const filled = Object.entries(environment).map(([name, value]) => [
      name,
      String(value).replaceAll(/\$\{(\w+):\?[^}]*\}/g, key),
    ]);
    const known = readEnvironment(Object.fromEntries(filled) as NodeJS.ProcessEnv);
    expect(Object.keys(environment).filter((name) => !(name in known))).toEqual([]);
  }
});

test('the containers use the search attributes and the ports that the program uses by itself', () => {
  const { temporal, api } = parseSettings('', 'defaults');
  const flags = compose.services['temporal-attributes']?.command ?? [];
  const wanted = Object.entries(temporal.searchAttributes).flatMap(([name, type]) => [
    `--name=${name}`,
    `--type=${type}`,
  ]);
  expect(flags).toEqual(wanted);
  expect(compose.services['api']?.ports).toEqual([`127.0.0.1:${api.port}:${api.port}`]);
  expect(valuesOf('EXPOSE')).toEqual([String(api.port)]);
  expect(compose.services['api']?.healthcheck?.test.join(' ')).toContain(`http://127.0.0.1:${api.port}/v1/health`);
});
