import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { loadService } from '../../infra/local/services/load-service.ts';

let place: string;
beforeAll(async () => {
  place = await mkdtemp(path.join(import.meta.dirname, '.faulty-'));
});
afterAll(() => rm(place, { recursive: true, force: true }));

const HEAD = 'service: two\nprovider: { name: aws, runtime: nodejs24.x }\n';
const PLUGINS = 'plugins: [batonflow/plugin-resources]\n';

async function load(text: string) {
  const folder = path.join(place, 'two');
  await mkdir(folder, { recursive: true });
  await writeFile(path.join(folder, 'serverless.yml'), text);
  return loadService(folder, { params: {}, region: 'eu-west-1' });
}

const oneFunction = (keys: string) => `functions: { one: { handler: handler.one, ${keys} } }\n`;

// Was: the local stack passed over in silence what packaging refuses: a plugin whose block was misspelt got no tasks, and nobody said why.
// Now: the file is refused, in the words of packaging.
describe('a file that packaging would refuse is refused by the local stack', () => {
  it.each([
    [
      'a misspelt block',
      PLUGINS + oneFunction('batton: { plugin: one }'),
      "at 'functions.one': unrecognized property 'batton'",
    ],
    [
      'a block without the Serverless plugin that reads it',
      oneFunction('baton: { plugin: one }'),
      `at 'functions.one': unrecognized property 'baton'; the service needs the line "plugins: [batonflow/plugin-resources]"`,
    ],
    [
      'an unknown key of a function',
      PLUGINS + oneFunction('timeot: 5'),
      "at 'functions.one': unrecognized property 'timeot'",
    ],
    [
      'an unknown key at the top',
      `${PLUGINS}functons: {}\n`,
      "at root: unrecognized property 'functons'",
    ],
    [
      'an unknown key of custom.baton',
      `${PLUGINS}custom: { baton: { sistem: x } }\n`,
      "at 'custom.baton': unrecognized property 'sistem'",
    ],
    [
      'a value of a wrong kind',
      PLUGINS + oneFunction('timeout: soon'),
      "at 'functions.one.timeout': must be integer",
    ],
    [
      'an event that does not fit',
      PLUGINS + oneFunction('events: [{ schedule: { rate: rate(1 minute), rat: x } }]'),
      "at 'functions.one.events.0.schedule': unrecognized property 'rat'",
    ],
    [
      'two faults',
      PLUGINS + oneFunction('timeot: 5, memory: 1'),
      "at 'functions.one': unrecognized property 'timeot'; at 'functions.one': unrecognized property 'memory'",
    ],
  ])('%s', async (_, text, fault) => {
    await expect(load(HEAD + text)).rejects.toThrow(`two/serverless.yml: ${fault}`);
  });
});

it('what packaging allows is taken', async () => {
  const written = `timeout: '5', skipEsbuild: false, description: , baton: { plugin: one }`;
  const { functions } = await load(HEAD + PLUGINS + oneFunction(written));
  expect(functions).toMatchObject([{ key: 'one', timeoutSeconds: 5 }]);
  const warned = `configValidationMode: warn\n${HEAD}${PLUGINS}${oneFunction('timeot: 5')}`;
  expect(await load(warned)).toMatchObject({ name: 'two' });
});

it('a service whose last block has gone keeps its stack', async () => {
  const stackOf = async (keys: string) =>
    (await load(HEAD + PLUGINS + oneFunction(keys))).stackName;
  expect(await stackOf('')).toBe('baton-local-two');
  expect(await stackOf('baton: { plugin: one }')).toBe('baton-local-two');
});
