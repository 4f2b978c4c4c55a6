import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Credentials, keepCredentials } from '../../../src/sdk/worker/credentials.ts';
import { loadPlugin } from '../../../src/sdk/worker/load-plugin.ts';
import { readSettings } from '../../../src/sdk/worker/settings.ts';
import { fakeClock } from '../fake-runtime.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'baton-worker-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function file(name: string, text: string): Promise<string> {
  const at = path.join(folder, name);
  await writeFile(at, text);
  return at;
}

describe('the settings of a worker', () => {
  const given = { BATON_PLUGIN: 'render', AWS_REGION: 'eu-central-1' };

  it('are those of BATON_WORKER, and the environment counts before them', () => {
    const environment = { BATON_WORKER: JSON.stringify(given), AWS_REGION: 'us-east-1' };
    expect(readSettings(undefined, environment)).toMatchObject({
      BATON_PLUGIN: 'render',
      AWS_REGION: 'us-east-1',
    });
  });

  it('are those of a file, if one is named', async () => {
    const named = await file('settings.json', JSON.stringify(given));
    expect(readSettings(named, { BATON_WORKER: 'ignored' })).toMatchObject(given);
  });

  it('may stand in the environment one by one', () => {
    expect(readSettings(undefined, given)).toEqual(given);
  });

  it.each(['{"BATON_PLUGIN_KEY":"secret"', '["secret"]', '"secret"', '{"secret":1}'])(
    'that are no texts by name are refused, and not shown: %s',
    (text) => {
      expect(() => readSettings(undefined, { BATON_WORKER: text })).toThrow(
        /^BATON_WORKER is no JSON object of variables and their texts$/,
      );
    },
  );
});

describe('the credentials of a worker', () => {
  const credentials = (n: number, expiration?: Date): Credentials => ({
    ...{ accessKeyId: `key-${n}`, secretAccessKey: `secret-${n}`, sessionToken: `token-${n}` },
    expiration,
  });

  it('are renewed five minutes before they end, again if that fails, and not once it has ended', async () => {
    const clock = fakeClock();
    const variables: NodeJS.ProcessEnv = {};
    const failures: unknown[] = [];
    const answers = [
      credentials(1, new Date(clock.now() + 3_600_000)),
      new Error('the metadata service is down'),
      credentials(2, new Date(clock.now() + 7_200_000)),
    ];
    let asked = 0;
    const ask = async () => {
      const answer = answers[asked++];
      if (answer instanceof Error) throw answer;
      return answer as Credentials;
    };
    const end = await keepCredentials(variables, clock, (error) => failures.push(error), ask);
    expect(variables).toMatchObject({ AWS_ACCESS_KEY_ID: 'key-1', AWS_SESSION_TOKEN: 'token-1' });
    await clock.advance(3_299_999);
    expect(asked).toBe(1);
    await clock.advance(1);
    expect(failures).toHaveLength(1);
    expect(variables.AWS_ACCESS_KEY_ID).toBe('key-1');
    await clock.advance(30_000);
    expect(variables).toMatchObject({ AWS_ACCESS_KEY_ID: 'key-2', AWS_SESSION_TOKEN: 'token-2' });
    end();
    await clock.advance(86_400_000);
    expect(asked).toBe(3);
  });

  it('that stand in the environment are left as they are', async () => {
    const variables = { AWS_ACCESS_KEY_ID: 'own' };
    const ask = () => Promise.reject(new Error('nobody was to be asked'));
    await keepCredentials(variables, fakeClock(), () => undefined, ask);
    expect(variables).toEqual({ AWS_ACCESS_KEY_ID: 'own' });
  });

  it('are asked for but once if they never end', async () => {
    const clock = fakeClock();
    let asked = 0;
    const ask = async () => credentials(++asked);
    await keepCredentials({}, clock, () => undefined, ask);
    await clock.advance(86_400_000);
    expect(asked).toBe(1);
  });
});

describe('the plugin of a worker', () => {
  const plugin = 'Object.assign(async () => {}, { work: { perform() {} } })';

  it.each([
    ['the only one', `export const render = ${plugin}; export const other = 1;`, undefined],
    ['handler', `export const a = ${plugin}; export const handler = ${plugin};`, undefined],
    ['the one that is named', `export const a = ${plugin}; export const b = ${plugin};`, 'b'],
  ])('is %s', async (name, text, exportName) => {
    const at = await file(`${name.replaceAll(' ', '-')}.mjs`, text);
    expect(await loadPlugin(at, exportName)).toHaveProperty('perform');
  });

  // Was: what CommonJS exports was not found, nor one plugin that a module exports twice. Now: it is, as by packaging and by Lambda.
  it.each([
    ['all that CommonJS exports', 'cjs', `module.exports = ${plugin};`],
    ['in what CommonJS exports', 'cjs', `module.exports = (() => ({ render: ${plugin} }))();`],
    [
      'a default in CommonJS',
      'cjs',
      `Object.defineProperty(exports, '__esModule', { value: true }); exports.default = ${plugin};`,
    ],
    ['exported twice', 'mjs', `export const render = ${plugin}; export default render;`],
    ['in a default', 'mjs', `export default { render: ${plugin} };`],
  ])('is found where it is %s', async (name, extension, text) => {
    const at = await file(`${name.replaceAll(' ', '-')}.${extension}`, text);
    expect(await loadPlugin(at)).toHaveProperty('perform');
  });

  it.each([
    ['there are two', `export const a = ${plugin}; export const b = ${plugin};`, undefined, 'a, b'],
    ['there is none', 'export const handler = () => {};', undefined, 'none'],
    ['it has another name', `export const a = ${plugin};`, 'b', 'a'],
  ])('is not found where %s', async (name, text, exportName, names) => {
    const at = await file(`not-${name.replaceAll(' ', '-')}.mjs`, text);
    await expect(loadPlugin(at, exportName)).rejects.toThrow(
      `no plugin called ${exportName ?? 'handler'}; its exports that definePlugin made: ${names}`,
    );
  });

  it('that cannot be loaded says where and why', async () => {
    const at = await file('broken.mjs', "throw new Error('no database');");
    await expect(loadPlugin(at)).rejects.toThrow(
      /broken\.mjs cannot be loaded: Error: no database/,
    );
  });
});
