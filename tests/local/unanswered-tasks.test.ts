import { afterEach, expect, it } from '@jest/globals';
import { Functions } from '../../infra/local/lambda/functions.ts';

const CODE = `
  export const nothing = async () => {};
  export const results = async () => ({ ok: true });
  export const plugin = async () => ({ batchItemFailures: [] });
  export const value = 5;
`;
const QUEUE = 'plugin-resize';
const TASKS = { Records: [{ eventSourceARN: `arn:aws:sqs:us-east-1:000000000000:${QUEUE}` }] };

const failures: string[] = [];
const functions = new Functions(60, {
  output: () => {},
  counted: () => {},
  crashed: () => {},
  failed: ({ label }, reason) => failures.push(`${label}: ${reason}`),
});
afterEach(async () => {
  failures.splice(0);
  await functions.end();
});

function deploy(exportName: string, environment: Record<string, string> = PLUGIN) {
  return functions.deploy({
    name: 'resize',
    arn: 'arn:aws:lambda:us-east-1:000000000000:function:resize',
    ...{ service: 'photos', key: 'resize', label: 'resize' },
    file: `data:text/javascript,${encodeURIComponent(CODE)}`,
    ...{ exportName, environment, timeoutSeconds: 10, memoryMegabytes: 128 },
  });
}
const PLUGIN = { BATON_PLUGIN: 'resize', BATON_QUEUE_URL: `http://127.0.0.1:1/000/${QUEUE}` };

// Was: a plain function in the place of a plugin took all its tasks and answered none, and nobody said why its orders waited.
// Now: the terminal says so, once of each deployment.
it.each(['nothing', 'results'])(
  'a plugin that returns %s for its tasks is named once',
  async (name) => {
    await deploy(name);
    await functions.invoke('resize', TASKS);
    await functions.invoke('resize', TASKS);
    expect(failures).toEqual([
      expect.stringMatching(/^resize: returned without batchItemFailures: .*definePlugin\(\)/),
    ]);
    await deploy(name);
    await functions.invoke('resize', TASKS);
    expect(failures).toHaveLength(2);
  },
);

it('nothing is said of a plugin that answers, of other events, and of other functions', async () => {
  await deploy('plugin');
  await functions.invoke('resize', TASKS);
  await deploy('nothing');
  await functions.invoke('resize', { Records: [{ eventSourceARN: 'arn:aws:sqs:::other' }] });
  await functions.invoke('resize', {});
  await deploy('nothing', {});
  await functions.invoke('resize', TASKS);
  expect(failures).toEqual([]);
});

it('an export that is missing or no function fails with those that there are', async () => {
  for (const [name, reason] of [
    ['resise', 'there is no export resise'],
    ['value', 'the export value is no function'],
  ] as const) {
    await deploy(name);
    await expect(functions.invoke('resize', TASKS)).rejects.toThrow(
      `${reason}; there are: nothing, plugin, results, value`,
    );
  }
});
