import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { CreateQueueCommand, SendMessageCommand } from '@aws-sdk/client-sqs';
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
import { StackRecords } from '../../infra/local/cloudformation/stack-record.ts';
import { DataFolder } from '../../infra/local/data/data-folder.ts';
import { spawnEmbeddedAws } from '../../infra/local/embedded/spawn.ts';
import { startEmbeddedAws } from '../../infra/local/embedded-aws.ts';
import { LocalError, oneLine, withRemedy } from '../../infra/local/local-error.ts';
import { createActiveTable } from './active-table.ts';
import { localClients } from './local-clients.ts';
import { refusal, startProcess, type Workspace, workspace } from './running-stack.ts';

jest.setTimeout(480_000);

const RESET = 'put back a copy, or start with --reset, which forgets all data.';

const half = (file: string) => truncateSync(file, Math.floor(statSync(file).size / 2));

describe('the embedded services', () => {
  let whole: string;
  let data: string;
  /** Data of two runs: the first one's tables are in a file of LevelDB's, no longer in its log. */
  beforeAll(async () => {
    whole = mkdtempSync(join(tmpdir(), 'baton-whole-'));
    for (const run of ['1', '2']) {
      const aws = await startEmbeddedAws({ dataDir: whole });
      const { sqs, dynamodb, ...others } = localClients(aws);
      const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: `work-${run}` }));
      await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'x'.repeat(50_000) }));
      const TableName = `orders-${run}`;
      await createActiveTable(dynamodb, {
        TableName,
        KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
        AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
      });
      for (let item = 0; item < 30; item++)
        await dynamodb.send(
          new PutItemCommand({ TableName: 'orders-1', Item: { pk: { S: `${run} ${item}` } } }),
        );
      for (const client of [sqs, dynamodb, ...Object.values(others)]) client.destroy();
      await aws.stop();
    }
  });
  afterAll(() => rmSync(whole, { recursive: true }));

  beforeEach(() => {
    data = mkdtempSync(join(tmpdir(), 'baton-damaged-'));
    cpSync(whole, data, { recursive: true });
  });
  afterEach(() => rmSync(data, { recursive: true }));

  const start = async () => {
    const aws = await spawnEmbeddedAws({
      ...{ folder: data, region: 'us-east-1', awsPort: 0, dynamodbPort: 0 },
    });
    await aws.stop();
  };

  /** The file of the tables whose name begins or ends so. */
  function tableFile(part: string): string {
    const names = readdirSync(join(data, 'tables'));
    const found = names.filter((name) => name.endsWith(part) || name.startsWith(part));
    expect(found).toHaveLength(1);
    return join(data, 'tables', String(found[0]));
  }

  it('start on whole files', start);

  // Was: the stack hung, since dynalite never answers a call when LevelDB cannot read.
  // Now: all keys are read once at the start.
  it.each([
    ['emptied', (file: string) => truncateSync(file, 0)],
    ['cut in half', half],
    ['cut by three bytes', (file: string) => truncateSync(file, statSync(file).size - 3)],
    ['overwritten', (file: string) => writeFileSync(file, readFileSync(file).fill(0xa5, 9, 150))],
    ['removed', (file: string) => rmSync(file)],
  ])('name their tables, of which a file was %s, and say what to do', async (_, damage) => {
    damage(tableFile('.ldb'));
    const failure = await start().catch(oneLine);
    expect(failure).toContain(`${join(data, 'tables')} cannot be read (LevelDB: `);
    expect(failure).toContain(RESET);
  });

  it.each([
    ['CURRENT', (file: string) => writeFileSync(file, 'nothing')],
    ['CURRENT', (file: string) => truncateSync(file, 0)],
    ['MANIFEST', half],
    ['MANIFEST', (file: string) => rmSync(file)],
  ])('name their tables when %s is damaged', async (name, damage) => {
    damage(tableFile(name));
    await expect(start()).rejects.toThrow(`${join(data, 'tables')} cannot be read (LevelDB: `);
  });

  it.each([
    ['cut in half', half],
    ['no database', (file: string) => writeFileSync(file, 'nothing'.repeat(2000))],
  ])('name the file of their queues when it is %s', async (_, damage) => {
    damage(join(data, 'fauxqs.db'));
    await expect(start()).rejects.toThrow(`${join(data, 'fauxqs.db')} cannot be read (SQLite: `);
  });

  it('make settings of the time to live anew', async () => {
    writeFileSync(join(data, 'time-to-live.json'), '{"half');
    await expect(start()).resolves.toBeUndefined();
  });
});

let place: Workspace;
beforeEach(() => {
  place = workspace();
});
afterEach(() => place.remove());

const start = (data = place.data) => {
  const services = ['--core', place.core, '--plugins', place.plugins, '--port', '0'];
  const system = ['--param', 'system-name=mini', '--data', data];
  return refusal(place.folder, [...services, ...system]);
};

/** Makes a data folder of the system. */
async function claimed(): Promise<void> {
  const folder = await DataFolder.claim(place.data, {
    ...{ system: 'mini', defaultAccountId: '000000000000', reset: false },
  });
  folder.release();
}

/** What it says. */
async function startAndStop(flags: string[] = []): Promise<string> {
  const stack = startProcess(place, flags);
  try {
    await stack.ready();
    return stack.output();
  } finally {
    await stack.signal('SIGKILL');
  }
}

it.each(['', '{"stacks":{', 'ELF', '[]', '{"stacks":{"echo":1}}', 'null'])(
  'a stacks.json of %p is named, with what to do',
  (text) => {
    const file = join(place.folder, 'stacks.json');
    writeFileSync(file, text);
    expect(() => new StackRecords(file)).toThrow(
      new LocalError(`${file}, which says what is deployed, is damaged; ${RESET}`),
    );
  },
);

it('a damaged file ends the start with one line; a reset puts that right; little things are made anew', async () => {
  await claimed();
  const file = join(place.data, 'stacks.json');
  writeFileSync(file, '');
  expect(await start()).toBe(`baton: ${file}, which says what is deployed, is damaged; ${RESET}`);
  writeFileSync(join(place.data, 'tables'), 'nothing');

  await startAndStop(['--reset']);
  for (const name of ['alarms.json', 'time-to-live.json', 'running.json'])
    writeFileSync(join(place.data, name), '{"half');
  const said = await startAndStop();
  expect(said).toContain('alarms.json cannot be read: all alarms begin again');
  expect(said).toContain('time-to-live.json cannot be read');
});

// Was: stores that had gone were made again, empty: all orders were lost without a word. Now: that is said, and nothing is touched.
it.each([
  ['tables', 'tables', 'mini-local'],
  ['queues', 'fauxqs.db', 'mini-local-'],
])('%s that have gone from the data folder end the start', async (_, name, lost) => {
  await startAndStop();
  for (const file of readdirSync(place.data).filter((file) => file.startsWith(name)))
    rmSync(join(place.data, file), { recursive: true });
  expect(await start()).toMatch(
    new RegExp(`^baton: .*${name} has lost ${lost}.*, which earlier runs have made; ${RESET}$`),
  );
});

describe('a place that cannot be used is named, with what to do', () => {
  it('when the data path is a file', async () => {
    const file = join(place.folder, 'a-file');
    writeFileSync(file, '');
    expect(await start(file)).toContain(`${file} is not a folder but a file; choose another`);
  });

  it('when a folder above it is a file', async () => {
    const file = join(place.folder, 'above');
    writeFileSync(file, '');
    expect(await start(join(file, 'data'))).toMatch(
      /^baton: .*above\/data cannot be used \(\w+: ENOTDIR\): move away the file/,
    );
  });

  it('when a file stands where a folder should be, or the other way round', async () => {
    await claimed();
    writeFileSync(join(place.data, 'logs'), '');
    expect(await start()).toMatch(/^baton: .*logs cannot be used \(\w+: \w+\): move away the file/);
    rmSync(join(place.data, 'logs'));
    writeFileSync(join(place.data, 'tables'), '');
    expect(await start()).toMatch(
      /^baton: .*tables cannot be used \(\w+: \w+\): move away the file/,
    );
    rmSync(join(place.data, 'tables'));
    mkdirSync(join(place.data, 'running.json'));
    expect(await start()).toMatch(/^baton: .*running.json cannot be used \(rm: \w+\): move away/);
    rmSync(join(place.data, 'running.json'), { recursive: true });
    mkdirSync(join(place.data, 'stacks.json'));
    expect(await start()).toMatch(
      /^baton: .*stacks.json cannot be used \(\w+: EISDIR\): move away/,
    );
  });

  it('when the system allows no folder there', async () => {
    // where the kernel allows none, to root neither
    const forbidden = existsSync('/proc/self') ? '/proc/baton' : '/dev/null/baton';
    expect(await start(forbidden)).toMatch(/^baton: .*baton cannot be used \(\w+: \w+\): /);
  });

  it.each(['EACCES', 'EROFS', 'ENOSPC', 'EPERM', 'EIO'])('when a call fails with %s', (code) => {
    const failure = Object.assign(new Error('as told'), { code, syscall: 'open', path: '/data/x' });
    const problem = withRemedy(failure);
    expect(problem).toBeInstanceOf(LocalError);
    expect(oneLine(problem)).toMatch(
      new RegExp(`^/data/x cannot be used \\(open: ${code}\\): \\w`),
    );
  });

  it('but not when the failure is Baton’s own', () => {
    const failure = new TypeError('x is undefined');
    expect(withRemedy(failure)).toBe(failure);
  });
});
