import { BroadcastChannel } from 'node:worker_threads';
import { afterEach, expect, it, jest } from '@jest/globals';
import { FunctionPool } from '../../infra/local/lambda/function-pool.ts';
import { until } from './until.ts';

const HANDLERS = `
  let calls = 0;
  export const count = async () => ({ calls: ++calls, variable: process.env.VARIABLE });
  export const context = async (event, { functionName, invokedFunctionArn, getRemainingTimeInMillis }) =>
    ({ event, functionName, invokedFunctionArn, left: getRemainingTimeInMillis() > 0 });
  export const wait = async ({ milliseconds }) => new Promise((resolve) => setTimeout(resolve, milliseconds));
  export const fail = async () => { throw new TypeError('as told'); };
  export const outside = async () => { setImmediate(() => { throw new Error('outside'); }); await new Promise(() => {}); };
  export const exit = async () => process.exit(3);
  export const later = async () => { setTimeout(() => { throw new Error('late'); }, 20); };
  export const hoard = async () => { const kept = []; for (;;) kept.push(new Array(1e5).fill('a')); };
  export const speak = async () => console.log('spoken');
`;

const pools: FunctionPool[] = [];
afterEach(async () => {
  for (const pool of pools.splice(0)) await pool.end();
});

function pool(
  exportName: string,
  options: { idleSeconds?: number; timeoutSeconds?: number; code?: string; reserved?: number } = {},
) {
  const { idleSeconds = 60, timeoutSeconds = 10, code = HANDLERS, reserved } = options;
  const definition = {
    name: 'baton-local-example',
    arn: 'arn:aws:lambda:us-east-1:000000000000:function:baton-local-example',
    service: 'example',
    key: 'example',
    label: 'example',
    file: `data:text/javascript,${encodeURIComponent(code)}`,
    exportName,
    environment: { VARIABLE: 'set' },
    timeoutSeconds,
    memoryMegabytes: 128,
    ...(reserved !== undefined && { reservedConcurrency: reserved }),
  };
  const counts: number[] = [];
  const output: string[] = [];
  const crashes: string[] = [];
  const made = new FunctionPool(definition, idleSeconds, {
    counted: (_definition, instances) => counts.push(instances),
    output: (_definition, text) => output.push(text),
    crashed: (_definition, reason) => crashes.push(reason),
  });
  pools.push(made);
  return { pool: made, definition, counts, output, crashes };
}

it('an idle instance is used again, and keeps what its module holds', async () => {
  const { pool: example, counts } = pool('count');
  expect(await example.invoke({})).toEqual({ calls: 1, variable: 'set' });
  expect(await example.invoke({})).toEqual({ calls: 2, variable: 'set' });
  expect(counts).toEqual([1]);
});

it('a handler gets event and context', async () => {
  const { pool: example, definition } = pool('context');
  expect(await example.invoke({ a: 1 })).toEqual({
    event: { a: 1 },
    functionName: definition.name,
    invokedFunctionArn: definition.arn,
    left: true,
  });
});

it('an event comes as JSON says it, as on Lambda', async () => {
  const { pool: example } = pool('context');
  const { event } = (await example.invoke({ at: new Date(0), nothing: undefined })) as {
    event: object;
  };
  expect(Object.entries(event)).toEqual([['at', '1970-01-01T00:00:00.000Z']]);
});

it('when all are busy another instance starts, and idle ones end', async () => {
  const { pool: example, counts } = pool('wait', { idleSeconds: 0.2 });
  await Promise.all([1, 2, 3].map(() => example.invoke({ milliseconds: 100 })));
  await until('none is left', () => example.instances === 0);
  expect(counts).toEqual([1, 2, 3, 2, 1, 0]);
});

it('reserved concurrency throttles', async () => {
  const { pool: example } = pool('wait', { reserved: 1 });
  const first = example.invoke({ milliseconds: 50 });
  await expect(example.invoke({})).rejects.toMatchObject({ errorType: 'TooManyRequestsException' });
  await first;
});

it('an error of the handler is the error of the invocation; the instance lives on', async () => {
  const { pool: example, output } = pool('fail');
  await expect(example.invoke({})).rejects.toMatchObject({
    errorType: 'TypeError',
    message: 'as told',
  });
  expect(example.instances).toBe(1);
  expect(output.join('')).toContain('as told');
});

// was: an exception outside of the handler's promise took the whole stack down
// mend: the worker's error event has a listener, and ends the invocation and the instance
it.each([
  ['outside', 'uncaught Error: outside'],
  ['exit', 'the process exited with code 3'],
])(
  'a handler that ends its process (%s) fails at once, and the next invocation starts afresh',
  async (name, message) => {
    const { pool: example } = pool(name);
    await expect(example.invoke({})).rejects.toMatchObject({
      errorType: 'Runtime.ExitError',
      message,
    });
    expect(example.instances).toBe(0);
    await expect(example.invoke({})).rejects.toThrow(message);
  },
);

it('an idle instance that crashes is reported', async () => {
  const { pool: example, crashes } = pool('later');
  await example.invoke({});
  await until('it is gone', () => example.instances === 0);
  expect(crashes).toEqual(['uncaught Error: late']);
});

it('a handler that takes too long is ended', async () => {
  const { pool: example } = pool('wait', { timeoutSeconds: 0.1 });
  await expect(example.invoke({ milliseconds: 60_000 })).rejects.toMatchObject({
    errorType: 'Sandbox.Timedout',
    message: 'timed out after 0.1 seconds',
  });
  expect(example.instances).toBe(0);
});

// Was: a cold start on a busy machine used up a short timeout, and the invocation failed before its handler began.
// Now: as on Lambda, the time that the module takes to load does not count.
it('the time that a module takes to load is not part of its timeout', async () => {
  jest.useFakeTimers({ doNotFake: ['nextTick', 'queueMicrotask', 'setImmediate'] });
  const channel = new BroadcastChannel('loading');
  try {
    const loads = new Promise((resolve) => {
      channel.onmessage = resolve;
    });
    const told = `const channel = new BroadcastChannel('loading');
      await new Promise((resolve) => { channel.onmessage = resolve; channel.postMessage('loads'); });`;
    const { pool: example } = pool('count', { timeoutSeconds: 0.25, code: `${told} ${HANDLERS}` });
    const invocation = example.invoke({});
    await loads;
    await jest.advanceTimersByTimeAsync(5000);
    channel.postMessage('go on');
    expect(await invocation).toMatchObject({ calls: 1 });
  } finally {
    channel.close();
    jest.useRealTimers();
  }
});

it('a module that ends its process while it loads fails the invocation', async () => {
  const { pool: example } = pool('anything', { code: 'await null; process.exit(7)' });
  await expect(example.invoke({})).rejects.toThrow('the process exited with code 7');
  expect(example.instances).toBe(0);
});

it('code that does not load fails the invocation with the reason', async () => {
  const { pool: example } = pool('anything', { code: "import 'no-such-module'" });
  await expect(example.invoke({})).rejects.toThrow('no-such-module');
  await until('its instance is gone', () => example.instances === 0);
});

it('new code takes over from the next invocation', async () => {
  const { pool: example, definition } = pool('count');
  await example.invoke({});
  const code = 'export const count = async () => "new";';
  await example.replace({
    ...definition,
    file: `data:text/javascript,${encodeURIComponent(code)}`,
  });
  expect(await example.invoke({})).toBe('new');
});

it('what a function writes is heard', async () => {
  const { pool: example, output } = pool('speak');
  await example.invoke({});
  await until('it is heard', () => output.join('').includes('spoken'));
});

// Was: V8 gave each instance as much memory as the machine has, and collected late: 2.5 GB for the whole.
// Now: an instance has the memory of its function, and fails beyond, as deployed.
it('an instance that takes more memory than its function has fails, and only that instance', async () => {
  const { pool: example, output } = pool('hoard', { timeoutSeconds: 60 });
  await expect(example.invoke({})).rejects.toMatchObject({
    errorType: 'Runtime.ExitError',
    message: expect.stringContaining('memory limit'),
  });
  expect(output.join('')).toContain('JS heap out of memory');
  expect(example.instances).toBe(0);
});
