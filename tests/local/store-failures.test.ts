import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PutItemCommand, ScanCommand, type ScanCommandOutput } from '@aws-sdk/client-dynamodb';
import {
  CreateQueueCommand,
  GetQueueAttributesCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
} from '@aws-sdk/client-sqs';
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import type { EmbeddedProcessMessage } from '../../infra/local/embedded/process.ts';
import { createActiveTable } from './active-table.ts';
import { localClients } from './local-clients.ts';
import { alive, processTree } from './processes.ts';
import { startProcess, workspace } from './running-stack.ts';

jest.setTimeout(240_000);

const PROCESS = fileURLToPath(new URL('../../infra/local/embedded/process.ts', import.meta.url));
/** What the disk has room for, in blocks of 512 bytes or of a KiB: the shell decides. */
const ROOM = 600;

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

function dataFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'baton-store-'));
  cleanups.push(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
  return folder;
}

/** The embedded services as a process of its own, whose files cannot grow larger than a disk of that room. */
async function startServices(folder: string, room: number | 'unlimited' = 'unlimited') {
  const options = { folder, region: 'us-east-1', awsPort: 0, dynamodbPort: 0 };
  const child = spawn(
    'sh',
    ['-c', `ulimit -f ${room}; exec "$0" "$@"`, process.execPath, PROCESS, JSON.stringify(options)],
    { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] },
  );
  cleanups.push(() => void child.kill('SIGKILL'));
  const messages: EmbeddedProcessMessage[] = [];
  child.on('message', (message) => messages.push(message as EmbeddedProcessMessage));
  const ended = Promise.all([once(child, 'exit'), once(child, 'disconnect')]);
  await Promise.race([once(child, 'message'), ended]);
  const [ready] = messages;
  if (ready?.status !== 'ready') throw new Error(JSON.stringify(ready));
  const { awsEndpoint = '', dynamodbEndpoint = '' } = ready;
  const clients = localClients({ awsEndpoint, dynamodbEndpoint });
  cleanups.push(() => {
    for (const client of Object.values(clients)) client.destroy();
  });
  return {
    ...clients,
    /** Resolves when the process is gone. @returns its last words */
    lastWords: async () => {
      await ended;
      const last = messages.at(-1);
      return last?.status === 'failed' ? last.reason : undefined;
    },
    kill: async () => {
      child.kill('SIGKILL');
      await ended;
    },
  };
}

type Services = Awaited<ReturnType<typeof startServices>>;

const VALUE = 'x'.repeat(4000);

const createTable = ({ dynamodb }: Services) =>
  createActiveTable(dynamodb, {
    TableName: 'orders',
    AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
    KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
  });

const put = ({ dynamodb }: Services, pk: string) =>
  dynamodb.send(
    new PutItemCommand({ TableName: 'orders', Item: { pk: { S: pk }, value: { S: VALUE } } }),
  );

async function storedItems({ dynamodb }: Services): Promise<string[]> {
  const keys: string[] = [];
  let page: ScanCommandOutput | undefined;
  do {
    page = await dynamodb.send(
      new ScanCommand({ TableName: 'orders', ExclusiveStartKey: page?.LastEvaluatedKey }),
    );
    keys.push(...(page.Items ?? []).map(({ pk }) => String(pk?.S)));
  } while (page.LastEvaluatedKey);
  return keys;
}

async function queueUrl({ sqs }: Services): Promise<string> {
  return String((await sqs.send(new CreateQueueCommand({ QueueName: 'work' }))).QueueUrl);
}

async function messagesIn(services: Services): Promise<number> {
  const { Attributes } = await services.sqs.send(
    new GetQueueAttributesCommand({
      QueueUrl: await queueUrl(services),
      AttributeNames: ['ApproximateNumberOfMessages'],
    }),
  );
  return Number(Attributes?.ApproximateNumberOfMessages);
}

/** Writes until a write fails. @returns what was acknowledged */
async function writeUntilFull(write: (id: string) => Promise<unknown>): Promise<string[]> {
  const acknowledged: string[] = [];
  for (let id = 0; id < 5000; id += 1) {
    try {
      await write(String(id));
    } catch {
      return acknowledged;
    }
    acknowledged.push(String(id));
  }
  throw new Error('the disk was never full');
}

describe('the first failed write ends the embedded services with one line', () => {
  // Was: the store went on; what was acknowledged after a torn record was gone after a restart.
  // Now: the first failure is the last thing that the process does.
  it('of a table; what was acknowledged is there at the next start', async () => {
    const folder = dataFolder();
    const full = await startServices(folder, ROOM);
    await createTable(full);
    const acknowledged = await writeUntilFull((id) => put(full, id));
    expect(await full.lastWords()).toMatch(/^IO error: .*\/tables\/0\d+\.log: File too large$/);

    const roomy = await startServices(folder);
    const more = ['after', 'that'];
    for (const id of more) await put(roomy, id);
    await roomy.kill();
    const again = await startServices(folder);
    expect(await storedItems(again)).toEqual(expect.arrayContaining([...acknowledged, ...more]));
  });

  it('of a queue; what was acknowledged is there at the next start', async () => {
    const folder = dataFolder();
    const full = await startServices(folder, ROOM);
    const QueueUrl = await queueUrl(full);
    const acknowledged = await writeUntilFull((id) =>
      full.sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: `${id} ${VALUE}` })),
    );
    expect(await full.lastWords()).toMatch(/^SQLite error: .*\/fauxqs\.db: disk I\/O error$/);

    expect(await messagesIn(await startServices(folder))).toBeGreaterThanOrEqual(
      acknowledged.length,
    );
  });

  // Was: a batch whose messages did not all fit was kept in part, though it was never acknowledged: to send it again made some twice.
  // Now: a batch is one write.
  it.each([0, 20, 40, 60])(
    'of a queue in the middle of a batch, at ROOM + %d; none of the batch is there at the next start',
    async (more) => {
      const folder = dataFolder();
      const full = await startServices(folder, ROOM + more);
      const QueueUrl = await queueUrl(full);
      const Entries = Array.from({ length: 10 }, (_, Id) => ({
        Id: String(Id),
        MessageBody: VALUE,
      }));
      const acknowledged = await writeUntilFull(() =>
        full.sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries })),
      );
      await full.lastWords();
      expect(acknowledged.length).toBeGreaterThan(0);
      expect(await messagesIn(await startServices(folder))).toBe(
        acknowledged.length * Entries.length,
      );
    },
  );

  it('names the file, too, when there is no room to start', async () => {
    await expect(startServices(dataFolder(), 0)).rejects.toThrow(
      /IO error: .*\/tables\/.*: File too large/,
    );
  });
});

// Was: writes to files without a name went on to be acknowledged, and were gone with the process.
// Now: the process looks four times a second whether its files are still there.
describe('a data folder that vanishes', () => {
  it.each([
    ['removed', (folder: string) => rmSync(folder, { recursive: true, maxRetries: 5 })],
    ['moved', (folder: string) => renameSync(folder, `${folder}-elsewhere`)],
    ['without its queues', (folder: string) => rmSync(join(folder, 'fauxqs.db'))],
  ])('ends the embedded services: %s', async (_what, act) => {
    const folder = dataFolder();
    cleanups.push(() => rmSync(`${folder}-elsewhere`, { recursive: true, force: true }));
    const services = await startServices(folder);
    act(folder);
    expect(await services.lastWords()).toMatch(/\/(tables\/LOCK|fauxqs\.db) has been removed$/);
  });

  it('ends the stack with one line', async () => {
    const place = workspace();
    cleanups.push(place.remove);
    const stack = startProcess(place);
    await stack.ready();
    const tree = processTree(stack.pid);
    const before = stack.output();
    rmSync(place.data, { recursive: true, maxRetries: 5 });
    expect(await stack.ended).toBe(1);
    expect(alive(tree)).toEqual([]);
    const lines = stack.output().slice(before.length).trim().split('\n');
    expect(lines).toEqual([
      expect.stringMatching(
        /^baton: The data can no longer be kept: .*\/(tables\/LOCK|fauxqs\.db) has been removed\. Put that right/,
      ),
    ]);
  });
});
