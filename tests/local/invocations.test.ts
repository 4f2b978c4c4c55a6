import { InvokeCommand } from '@aws-sdk/client-lambda';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { type ControlWithClients, controlWithClients } from './control-clients.ts';

const NAME = 'baton-local-example';

const CODE = `
  export const echo = async (event) => ({ got: event });
  export const fail = async () => { throw new TypeError('as told'); };
  export const wait = async () => new Promise(() => {});
`;

let world: ControlWithClients;
beforeEach(async () => {
  world = await controlWithClients();
});
afterEach(async () => {
  await world.functions.end();
  world.stop();
});

const deploy = (exportName: string, reservedConcurrency = 1) =>
  world.functions.deploy({
    name: NAME,
    arn: `arn:aws:lambda:us-east-1:000000000000:function:${NAME}`,
    ...{ service: 'example', key: 'example', label: 'example' },
    file: `data:text/javascript,${encodeURIComponent(CODE)}`,
    ...{ exportName, environment: {}, timeoutSeconds: 60, memoryMegabytes: 128 },
    reservedConcurrency,
  });

const invoke = (name = NAME) =>
  world.lambda.send(new InvokeCommand({ FunctionName: name, Payload: '{"a":"ä"}' }));

it('a function answers with what it returns', async () => {
  await deploy('echo');
  const { Payload, FunctionError } = await invoke();
  expect([JSON.parse(String(Payload?.transformToString())), FunctionError]).toEqual([
    { got: { a: 'ä' } },
    undefined,
  ]);
});

it('one that throws answers with its error', async () => {
  await deploy('fail');
  const { Payload, FunctionError } = await invoke();
  expect(FunctionError).toBe('Unhandled');
  expect(JSON.parse(String(Payload?.transformToString()))).toEqual({
    errorType: 'TypeError',
    errorMessage: 'as told',
  });
});

// Was: one that had no instance left, and one that was not there, answered like one that throws.
// Now: they are refused, as Lambda does it.
it('one whose reserved instances are all busy is refused, and so is one that is not there', async () => {
  await deploy('wait');
  const first = invoke().catch(() => undefined);
  while (world.functions.list()[0]?.busy !== 1) await new Promise(setImmediate);
  await expect(invoke()).rejects.toMatchObject({
    name: 'TooManyRequestsException',
    $metadata: { httpStatusCode: 429 },
  });
  await expect(invoke('baton-local-nobody')).rejects.toMatchObject({
    name: 'ResourceNotFoundException',
  });
  await world.functions.end();
  await first;
});
