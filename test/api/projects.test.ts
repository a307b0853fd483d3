import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { ENTITIES } from '../../src/domain/entity.ts';
import { openConnection } from '../../src/ledger/connections.ts';
import { getProject } from '../../src/ledger/projects.ts';
import { answerOf, type ApiUnderTest, apiUnderTest, projectBody, SECRETS } from './api-under-test.ts';

let api: ApiUnderTest;
beforeAll(async () => {
  api = await apiUnderTest();
});
beforeEach(() => api.reset());
afterAll(() => api.close());

it('creates a project, shows it, and lists it', async () => {
  const made = await api.call('POST', '/v1/projects', projectBody('first'));
  expect(made).toMatchObject({
    status: 201,
    body: {
      project: 'first',
      phase: 'draft',
      paused: false,
      sourceKey: 'woo:https://shop.example.test',
      targetStore: 'bigcommerce:first',
    },
  });
  expect((await api.call('GET', '/v1/projects/first')).body).toEqual(made.body);
  await api.call('POST', '/v1/projects', projectBody('second'));
  const page = await api.call('GET', '/v1/projects?limit=1');
  expect(page.body.projects).toEqual([made.body]);
  const rest = await api.call('GET', `/v1/projects?after=${page.body.next}`);
  expect(rest.body.projects.map((one: { project: string }) => one.project)).toEqual(['second']);
  expect(rest.body.next).toBeNull();
});

it('takes a store of another platform, with what may be shown of it, and keeps its key sealed', async () => {
  const source = {
    platform: 'vendure',
    url: 'https://api.example.test',
    credentials: { apiKey: 'look:very-secret' },
    options: { channel: 'eu', brandFacet: 'maker' },
  };
  const made = await api.call('POST', '/v1/projects', { ...projectBody('other-platform'), source });
  expect(made.status).toBe(201);
  const { id = 0 } = (await getProject(api.ledger.db, 'other-platform')) ?? {};
  const opened = await openConnection(api.ledger.db, api.sealingKey, id, 'other-platform', 'source');
  expect(opened).toMatchObject({ platform: 'vendure', shown: source.options, secrets: source.credentials });
  expect(api.log()).not.toContain('very-secret');
});

it('refuses platforms that nobody knows, and credentials of another platform', async () => {
  const { credentials, ...rest } = projectBody('odd').source;
  for (const source of [
    { ...rest, platform: 'abacus', credentials },
    { ...rest, platform: 'vendure', credentials },
  ]) {
    expect(await api.call('POST', '/v1/projects', { ...projectBody('odd'), source })).toMatchObject({ status: 400 });
  }
});

it('refuses a name that is taken', async () => {
  await api.call('POST', '/v1/projects', projectBody('taken'));
  const again = await api.call('POST', '/v1/projects', projectBody('taken', 'elsewhere'));
  expect(again).toMatchObject({ status: 409, type: 'application/problem+json', body: { code: 'name-taken' } });
  expect(again.body.detail).toContain('taken');
});

it('refuses a second project that moves the same entities into the same store, and lets other entities in', async () => {
  await api.call('POST', '/v1/projects', { ...projectBody('one', 'shared'), mapping: { entities: onlyBrands() } });
  const rival = await api.call('POST', '/v1/projects', projectBody('two', 'shared'));
  expect(rival).toMatchObject({ status: 409, body: { code: 'entities-overlap' } });
  expect(rival.body.detail).toContain('project one');
  const beside = { ...projectBody('three', 'shared'), mapping: { entities: { brand: false } } };
  expect((await api.call('POST', '/v1/projects', beside)).status).toBe(201);
});

const onlyBrands = () => Object.fromEntries(ENTITIES.map((entity) => [entity, entity === 'brand']));

it('names what it does not know in a body, and stores nothing', async () => {
  const odd = await api.call('POST', '/v1/projects', { ...projectBody('odd'), colour: 'red' });
  expect(odd).toMatchObject({ status: 400, type: 'application/problem+json', body: { code: 'invalid-input' } });
  expect(odd.body.detail).toContain('colour');
  expect((await api.call('GET', '/v1/projects/odd')).status).toBe(404);
});

it.each(['Capital', '-dash', '', 'a b', 'a/b', 'x'.repeat(49)])('refuses %j as a name', async (slug) => {
  const answer = await api.call('POST', '/v1/projects', projectBody(slug, 'a-store'));
  expect(answer).toMatchObject({ status: 400, body: { code: 'invalid-input' } });
  expect(answer.body.detail).toContain('body.project');
});

it('answers broken JSON with a problem', async () => {
  const response = await api.app.inject({
    method: 'POST',
    url: '/v1/projects',
    headers: { authorization: 'Bearer approver', 'content-type': 'application/json' },
    body: '{"project": ',
  });
  expect(answerOf(response)).toMatchObject({
    status: 400,
    type: 'application/problem+json',
    body: { status: 400, code: 'malformed-json', title: 'Bad request' },
  });
});

it('refuses a body above a mebibyte', async () => {
  const body = { ...projectBody('large'), mapping: { taxClasses: { standard: 'x'.repeat(1_100_000) } } };
  expect(await api.call('POST', '/v1/projects', body)).toMatchObject({ status: 413, body: { code: 'body-too-large' } });
});

it('passes on why a store cannot be used, under its code, and stores nothing', async () => {
  api.outside.source = () => ({ ok: false, code: 'credentials-rejected', message: 'the shop says 401' });
  expect(await api.call('POST', '/v1/projects', projectBody('wrong'))).toMatchObject({
    status: 422,
    type: 'application/problem+json',
    body: { code: 'credentials-rejected', side: 'source', detail: 'the source cannot be used: the shop says 401' },
  });
  expect((await api.call('GET', '/v1/projects/wrong')).status).toBe(404);
});

it('takes new credentials of the same store only', async () => {
  await api.call('POST', '/v1/projects', projectBody('moved'));
  const { target } = projectBody('moved');
  const renewed = { ...target, credentials: { ...target.credentials, accessToken: 'renewed' } };
  const answer = await api.call('PUT', '/v1/projects/moved/connections/target', renewed);
  expect(answer.status).toBe(200);
  const project = await getProject(api.ledger.db, 'moved');
  const open = await openConnection(api.ledger.db, api.sealingKey, project?.id ?? 0, 'moved', 'target');
  expect(open).toMatchObject({ shown: { storeHash: 'moved' }, secrets: { accessToken: 'renewed' }, version: 2 });
  const other = projectBody('moved', 'another').target;
  expect(await api.call('PUT', '/v1/projects/moved/connections/target', other)).toMatchObject({
    status: 409,
    body: { code: 'another-store' },
  });
});

it('takes filters and an order of entities, and says what is wrong with one that cannot be', async () => {
  await api.call('POST', '/v1/projects', projectBody('filtered'));
  const path = '/v1/projects/filtered/mapping';
  const choices = {
    filters: { order: { since: '2024-01-01T00:00:00Z', statuses: ['completed'] }, page: { except: ['7'] } },
    copyOrder: ['customer', 'order'],
  };
  expect(await api.call('PUT', path, choices)).toMatchObject({ status: 200, body: { mapping: choices } });
  for (const [wrong, name] of [
    [{ filters: { coupon: { since: '2024-01-01T00:00:00Z' } } }, 'since'],
    [{ filters: { order: { since: 'last year' } } }, 'since'],
    [{ filters: { category: {} } }, 'category'],
    [{ copyOrder: ['stock'] }, 'copyOrder'],
    [{ copyOrder: ['gadget'] }, 'copyOrder'],
    [{ copyOrder: ['order', 'order'] }, 'each entity once'],
  ] as const) {
    const answer = await api.call('PUT', path, wrong);
    expect(answer.status).toBe(400);
    expect(JSON.stringify(answer.body)).toContain(name);
  }
});

it('changes a mapping under a new version and fingerprint', async () => {
  await api.call('POST', '/v1/projects', projectBody('mapped'));
  const before = (await api.call('GET', '/v1/projects/mapped/mapping')).body;
  const changed = await api.call('PUT', '/v1/projects/mapped/mapping', { urls: 'native' });
  expect(changed).toMatchObject({ status: 200, body: { version: 2, mapping: { ...before.mapping, urls: 'native' } } });
  expect(changed.body.fingerprint).not.toBe(before.fingerprint);
  expect((await api.call('GET', '/v1/projects/mapped/mapping')).body).toEqual(changed.body);
  const { decisions } = (await api.call('GET', '/v1/projects/mapped/decisions')).body;
  expect(decisions.map((one: { what: string }) => one.what)).toEqual(['mapping changed', 'project created']);
  expect(decisions[0].decidedBy).toBe('a-approver');
});

it('deletes a project for an approver only, and never gives its name away again', async () => {
  await api.call('POST', '/v1/projects', projectBody('gone'));
  const operator = { authorization: 'Bearer operator' };
  expect((await api.call('DELETE', '/v1/projects/gone', undefined, operator)).status).toBe(403);
  expect((await api.call('DELETE', '/v1/projects/gone')).status).toBe(204);
  expect((await api.call('DELETE', '/v1/projects/gone')).status).toBe(404);
  expect(await api.call('POST', '/v1/projects', projectBody('gone'))).toMatchObject({
    status: 409,
    body: { code: 'name-of-a-deleted-project' },
  });
});

it('lets no secret out: not in answers, not in the log, not into the table in the clear', async () => {
  const answers = [
    await api.call('POST', '/v1/projects', projectBody('discreet')),
    await api.call('POST', '/v1/projects', projectBody('discreet')),
    await api.call('POST', '/v1/projects', { ...projectBody('discreet'), odd: SECRETS.accessToken.length }),
    await api.call('POST', '/v1/projects', projectBody('discreet'), { 'idempotency-key': 'discreet' }),
    await api.call('GET', '/v1/projects/discreet'),
    await api.call('GET', '/v1/projects/discreet/decisions'),
    await api.call('PUT', '/v1/projects/discreet/connections/source', projectBody('discreet').source),
  ];
  await sql`ALTER TABLE connections RENAME TO connections_away`.execute(api.ledger.db);
  answers.push(await api.call('PUT', '/v1/projects/discreet/connections/source', projectBody('discreet').source));
  await sql`ALTER TABLE connections_away RENAME TO connections`.execute(api.ledger.db);
  expect(answers.map((answer) => answer.status)).toEqual([201, 409, 400, 409, 200, 200, 200, 500]);
  const { rows } = await sql<{ text: string }>`
    SELECT c::text || encode(sealed, 'escape') AS text FROM connections c
    UNION ALL SELECT d::text FROM decisions d UNION ALL SELECT i::text FROM idempotency_keys i`.execute(api.ledger.db);
  expect(rows.length).toBeGreaterThan(2);
  const said = [...answers.map((answer) => answer.text), ...rows.map((row) => row.text), api.log()].join('\n');
  expect(said).toContain('a request failed');
  for (const secret of [...Object.values(SECRETS), 'Bearer approver']) expect(said).not.toContain(secret);
});
