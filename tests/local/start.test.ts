// biome-ignore-all lint/suspicious/noTemplateCurlyInString: that is how Fn::Sub and a template in a file under test look
import { cpSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import {
  afterAll,
  afterEach,
  beforeAll,
  beforeEach,
  describe,
  expect,
  it,
  jest,
} from '@jest/globals';
import { startEmbeddedAws } from '../../infra/local/embedded-aws.ts';
import { type RunningStack, startProcess, type Workspace, workspace } from './running-stack.ts';
import { until } from './until.ts';

jest.setTimeout(480_000);

let place: Workspace;
let stacks: RunningStack[];

beforeEach(() => {
  place = workspace();
  stacks = [];
});
afterEach(async () => {
  for (const stack of stacks) await stack.signal('SIGKILL');
  place.remove();
});

function start(flags: string[] = [], environment = {}): RunningStack {
  const stack = startProcess(place, flags, environment);
  stacks.push(stack);
  return stack;
}

async function ready(flags: string[] = [], environment = {}): Promise<RunningStack> {
  const stack = start(flags, environment);
  await stack.ready();
  return stack;
}

/** Edits a file of the workspace. */
function edit(path: string, change: (text: string) => string): void {
  const file = join(place.folder, path);
  writeFileSync(file, change(readFileSync(file, 'utf8')));
}

/** Has the fixture's plugin end in time for a test that waits for it, and its messages come again soon. */
function hasten(timeoutSeconds: number, visibilitySeconds: number): void {
  edit('plugins/echo/serverless.yml', (text) =>
    text
      .replace('timeout: 30', `timeout: ${timeoutSeconds}`)
      .replace('VisibilityTimeout: 60', `VisibilityTimeout: ${visibilitySeconds}`),
  );
}

/** Puts the fixture's plugin under another name beside it. */
function addPlugin(name: string, folder = join(place.plugins, name)): void {
  const source = join(place.folder, `source-${name}`);
  cpSync(join(place.plugins, 'echo'), source, { recursive: true });
  const file = join(source, 'serverless.yml');
  const text = readFileSync(file, 'utf8').replaceAll('-echo', `-${name}`);
  writeFileSync(
    file,
    text.replace('service: echo', `service: ${name}`).replace('"echo"', `"${name}"`),
  );
  mkdirSync(join(folder, '..'), { recursive: true });
  renameSync(source, folder);
}

describe('it ends with one line and code 1', () => {
  async function failure(flags: string[] = [], environment = {}): Promise<string> {
    const stack = start(flags, environment);
    expect(await stack.ended).toBe(1);
    const lines = stack.output().trim().split('\n');
    expect(lines).toHaveLength(1);
    return lines.join();
  }

  async function takenPort(): Promise<{ port: number; free: () => void }> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return { port: (server.address() as { port: number }).port, free: () => void server.close() };
  }

  it.each([
    ['--port', 'the API'],
    ['--aws-port', 'SQS, SNS and S3'],
    ['--dynamodb-port', 'DynamoDB'],
  ])('when the port of %s is taken', async (flag, purpose) => {
    const { port, free } = await takenPort();
    expect(await failure([flag, String(port)])).toBe(
      `baton: Port ${port} for ${purpose} is already taken; choose another with ${flag} PORT.`,
    );
    free();
  });

  it('when the data folder is in use', async () => {
    await ready();
    expect(await failure()).toMatch(
      /^baton: The data folder .* is in use by another run \(process \d+\); stop it, or choose another/,
    );
  });

  it('when a template names what it cannot provide', async () => {
    edit('plugins/echo/serverless.yml', (text) =>
      text.replace(
        '  Resources:\n',
        '  Resources:\n    Stream:\n      Type: AWS::Kinesis::Stream\n',
      ),
    );
    expect(await failure()).toBe(
      'baton: Service echo: the resource Stream is of type AWS::Kinesis::Stream, which the local stack does not provide.',
    );
  });

  it('when a folder given with --with is no service', async () => {
    expect(await failure(['--with', place.folder])).toBe(
      `baton: --with ${place.folder}: there is no serverless.yml in that folder.`,
    );
  });

  // Was: all plugins of the earlier run were taken to have gone, and deregistered.
  // Now: a name that leads nowhere is a slip.
  it('when a folder given with --plugins is none, and leaves the plugins registered', async () => {
    const first = await ready();
    await first.signal('SIGTERM');
    const nowhere = join(place.folder, 'nowhere');
    expect(await failure(['--plugins', nowhere])).toBe(
      `baton: --plugins ${nowhere}: there is no such folder.`,
    );
    const second = await ready();
    expect(await second.items()).toEqual({ 'plugin echo': 'Update' });
  });

  it('when a registration is refused', async () => {
    edit('plugins/echo/serverless.yml', (text) =>
      text.replace('        Definition:', '        Refuse: the name is taken\n        Definition:'),
    );
    expect(await failure()).toBe(
      'baton: Create of Registration (Custom::BatonPlugin) failed: the name is taken',
    );
  });

  it('when a handler does not build', async () => {
    edit('core/handlers.ts', (text) => `${text}\nimport './missing.ts';`);
    expect(await failure()).toContain('Could not resolve "./missing.ts"');
  });

  it.each(['many', '', '1e3'])('when a flag makes no sense: --port %p', async (port) => {
    expect(await failure(['--port', port])).toContain('A port is a number from 0 to 65535.');
  });
});

it('a task goes through a plugin and back; instances come, and go when idle', async () => {
  const stack = await ready();
  expect(await stack.items()).toEqual({ 'plugin echo': 'Create' });
  for (const id of ['1', '2', '3', '4', '5'])
    await stack.task('echo', { id, say: 'hello', milliseconds: 300 });
  await until('all are back', async () => Object.keys(await stack.items()).length === 6);
  expect((await stack.items())['result 1']).toBe('hello (key of echo)');
  await stack.says('echo: 3 instances');
  await stack.says('echo: idle, 0 instances');
});

it('whatever a plugin does, the stack lives, and the message is a dead letter in the end', async () => {
  hasten(2, 1);
  const stack = await ready();
  const ends = ['throw', 'throw outside', 'exit', 'never'];
  for (const end of ends) await stack.task('echo', { id: end, end });
  await stack.task('echo', { id: 'alive', say: 'still here' });
  await until('four are buried, one is answered', async () => {
    const items = await stack.items();
    return items['result alive'] && ends.every((end) => items[`buried ${end}`]);
  });
  await stack.says('echo: uncaught Error: outside');
  // The message may come again, and be buried, before the function that has it is out of time.
  await stack.says('echo: timed out after 2 seconds');
  expect(stack.output()).not.toMatch(/^\s+at /m);
});

it('killed at any moment it leaves no process behind, loses nothing, and goes on at the next start', async () => {
  hasten(30, 3);
  const killed = await ready();
  const { endpoints } = killed.running();
  for (const id of ['1', '2', '3'])
    await killed.task('echo', { id, say: 'on', milliseconds: 1000 });
  await killed.says('echo: 3 instances');
  await killed.signal('SIGKILL');
  await until('the embedded services are gone', () =>
    fetch(`${endpoints.DYNAMODB}`).then(
      () => false,
      () => true,
    ),
  );

  const stack = await ready();
  await until('all three are done', async () => {
    const items = await stack.items();
    return ['1', '2', '3'].every((id) => items[`result ${id}`]);
  });
  expect((await stack.items())['plugin echo']).toBe('Update');
});

// Was: queues were polled as each service was deployed; 200 orders left from before kept the start for 20 seconds.
// Now: no function works on them until all services are deployed.
it('what is left from before waits until all is deployed', async () => {
  const killed = await ready();
  await killed.task('echo', { id: 'left', say: 'on', milliseconds: 5000 });
  await killed.says('echo: 1 instance');
  await killed.signal('SIGKILL');
  addPlugin('parrot');
  const slowly =
    "if (name === 'parrot') await new Promise((resolve) => setTimeout(resolve, 2000));";
  edit('core/handlers.ts', (text) =>
    text.replace('if (!Refuse) await put(`plugin', (put) => `${slowly}\n    ${put}`),
  );

  const stack = await ready();
  const [beforeReady] = stack.output().split('is ready');
  expect(beforeReady).not.toContain('echo: ');
  await stack.says('echo: 1 instance');
});

/** In good order, which its supervisor waits for no longer than for a second and a half. */
async function endsBy(stack: RunningStack, signal: NodeJS.Signals): Promise<void> {
  expect(await stack.signal(signal)).toBe(0);
  expect(stack.output()).not.toContain('killed');
}

describe('while it runs', () => {
  it('a plugin that appears is deployed, one that disappears is drained and deregistered', async () => {
    const stack = await ready();
    addPlugin('parrot');
    await stack.says('parrot: deployed');
    await stack.task('parrot', { id: 'new', say: 'me too', milliseconds: 500 });
    rmSync(join(place.plugins, 'parrot'), { recursive: true });
    await stack.says('parrot: drained and removed');
    await until('what it did has arrived', async () => (await stack.items())['result new']);
    const items = await stack.items();
    expect(items['result new']).toBe('me too (key of parrot)');
    expect(items['plugin parrot']).toBe('Delete');
    expect(items['plugin echo']).toBe('Create');
  });

  // Was: its code could not be built any more, and that was said first. Now: only that it leaves.
  it('a plugin whose folder is taken away piece by piece is not told to be broken', async () => {
    const stack = await ready();
    const folder = join(place.plugins, 'echo');
    rmSync(join(folder, 'serverless.yml'));
    rmSync(join(folder, 'handler.ts'));
    rmSync(folder, { recursive: true });
    await stack.says('echo: drained and removed');
    expect(stack.output()).not.toMatch(/no file|handler\.ts/);
  });

  it('a plugin whose handler has gone alone is told what is looked for', async () => {
    const stack = await ready();
    rmSync(join(place.plugins, 'echo/handler.ts'));
    await stack.says('there is no file handler that ends in .ts, .mts, .js or .mjs.');
  });

  it('a changed serverless.yml is deployed again, changed code is used at once', async () => {
    const stack = await ready();
    edit('plugins/echo/serverless.yml', (text) =>
      text.replace('maximumConcurrency: 3', 'maximumConcurrency: 4'),
    );
    await stack.says('echo: deployed again');
    const { controlUrl } = stack.running();
    const list = await fetch(
      `${controlUrl}/2015-03-31/event-source-mappings/?FunctionName=mini-local-echo`,
    );
    expect(await list.json()).toMatchObject({
      EventSourceMappings: [{ ScalingConfig: { MaximumConcurrency: 4 }, State: 'Enabled' }],
    });
    edit('plugins/echo/handler.ts', (text) => text.replace('${say} (', '${say}! ('));
    await stack.says('echo: code changed');
    await stack.task('echo', { id: '1', say: 'hello' });
    await until('it is back', async () => (await stack.items())['result 1']);
    expect((await stack.items())['result 1']).toBe('hello! (key of echo)');
  });

  it('a plugin that cannot be deployed is named, and deployed when it has been mended', async () => {
    const stack = await ready();
    addPlugin('parrot', join(place.folder, 'parrot'));
    edit('parrot/handler.ts', (text) => `${text}\n}`);
    renameSync(join(place.folder, 'parrot'), join(place.plugins, 'parrot'));
    await stack.says('handler.ts');
    edit('plugins/parrot/handler.ts', (text) => text.replace(/\n}$/, ''));
    await stack.says('parrot: deployed');
  });
});

describe('from outside', () => {
  let shared: Workspace;
  let stack: RunningStack;
  beforeAll(async () => {
    shared = workspace();
    stack = startProcess(shared);
    await stack.ready();
  });
  afterAll(async () => {
    await stack.signal('SIGKILL');
    shared.remove();
  });

  it('functions can be invoked, and their instances counted', async () => {
    const { controlUrl } = stack.running();
    const invoke = (name: string) =>
      fetch(`${controlUrl}/2015-03-31/functions/${name}/invocations`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ Records: [] }),
      });
    expect(await (await invoke('mini-local-bury')).json()).toEqual({ batchItemFailures: [] });
    expect((await invoke('nobody')).status).toBe(404);
    const { functions } = (await (await fetch(`${controlUrl}/instances`)).json()) as {
      functions: { functionName: string }[];
    };
    expect(functions).toContainEqual({
      functionName: 'mini-local-bury',
      functionArn: 'arn:aws:lambda:us-east-1:000000000000:function:mini-local-bury',
      service: 'miniature',
      key: 'bury',
      instances: 1,
      busy: 0,
    });
  });

  it('a mapping can be read and changed like Lambda has it', async () => {
    const mappings = `${stack.running().controlUrl}/2015-03-31/event-source-mappings/`;
    const list = await fetch(`${mappings}?FunctionName=mini-local-echo`);
    const { EventSourceMappings } = (await list.json()) as {
      EventSourceMappings: { UUID: string }[];
    };
    const one = `${mappings}${EventSourceMappings[0]?.UUID}`;
    const headers = { 'content-type': 'application/json' };
    const put = (body: object) =>
      fetch(one, { method: 'PUT', headers, body: JSON.stringify(body) });
    expect((await put({ ScalingConfig: { MaximumConcurrency: 1 } })).status).toBe(400);
    await put({ Enabled: false, ScalingConfig: { MaximumConcurrency: 9 } });
    expect(await (await fetch(one)).json()).toMatchObject({
      State: 'Disabled',
      ScalingConfig: { MaximumConcurrency: 9 },
    });
  });

  it('a function that subscribes to a topic gets what is published', async () => {
    const { controlUrl, endpoints } = stack.running();
    const sns = new SNSClient({
      endpoint: String(endpoints.SNS),
      region: 'us-east-1',
      credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    });
    const Message = JSON.stringify({
      RequestType: 'Published',
      ResponseURL: `${controlUrl}/responses/nobody`,
      ResourceProperties: { Definition: '{"name":"by-topic"}' },
    });
    const TopicArn = 'arn:aws:sns:us-east-1:000000000000:mini-local-registrations';
    await sns.send(new PublishCommand({ TopicArn, Message }));
    await until(
      'it has come',
      async () => (await stack.items())['plugin by-topic'] === 'Published',
    );
    sns.destroy();
  });

  it('SIGINT ends it with code 0', () => endsBy(stack, 'SIGINT'));
});

it('SIGTERM ends it with code 0; a plugin that has gone since the last run is deregistered', async () => {
  await endsBy(await ready(), 'SIGTERM');
  rmSync(join(place.plugins, 'echo'), { recursive: true });
  const second = await ready();
  await second.says('echo: has gone since the last run: deregistered');
  expect((await second.items())['plugin echo']).toBe('Delete');
});

it('with AWS_ENDPOINT_URL it starts no services of its own and uses what answers there', async () => {
  const aws = await startEmbeddedAws();
  const stack = await ready([], {
    AWS_ENDPOINT_URL: aws.awsEndpoint,
    AWS_ENDPOINT_URL_DYNAMODB: aws.dynamodbEndpoint,
  });
  expect(stack.running().endpoints).toEqual({
    SQS: aws.awsEndpoint,
    SNS: aws.awsEndpoint,
    S3: aws.awsEndpoint,
    DYNAMODB: aws.dynamodbEndpoint,
  });
  expect(await stack.items()).toEqual({ 'plugin echo': 'Create' });
  await stack.signal('SIGTERM');
  await aws.stop();
});
